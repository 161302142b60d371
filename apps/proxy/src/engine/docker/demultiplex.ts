/** Where the payload of a multiplexed stream goes: bytes of one stream, in order, in pieces of any size. */
export interface DemultiplexTarget {
  onStdout(chunk: Buffer): void;
  onStderr(chunk: Buffer): void;
}

const headerBytes = 8;
const stderrType = 2;

/**
 * Splits Docker's stream format, frames of [type, 0, 0, 0, length as uint32 BE] and payload, as its bytes arrive.
 * Payload is passed on as views of the chunk, never copied and never held back until its frame is complete.
 * Source: Docker Engine API, "Attach to a container", stream format.
 */
export function createDemultiplexer(target: DemultiplexTarget): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let payloadLeft = 0;

  const emit = (payload: Buffer): void => {
    if (header[0] === stderrType) target.onStderr(payload);
    else target.onStdout(payload);
  };

  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (payloadLeft === 0) {
        const taken = chunk.copy(header, headerFilled, offset, offset + headerBytes - headerFilled);
        headerFilled += taken;
        offset += taken;
        if (headerFilled < headerBytes) return;
        headerFilled = 0;
        payloadLeft = header.readUInt32BE(4);
        continue;
      }
      const end = Math.min(offset + payloadLeft, chunk.length);
      payloadLeft -= end - offset;
      emit(chunk.subarray(offset, end));
      offset = end;
    }
  };
}
