/** Largest line from a server's stdout; beyond it one message is lost, not the server. */
export const maxLineBytes = 64 * 1024 * 1024;

export interface LineFramerOptions {
  readonly maxLineBytes: number;
  onLine(line: Buffer): void;
  /** A line over the bound was skipped; told once, at its end, with its size. */
  onLineTooLong(sizeBytes: number): void;
}

export interface LineFramer {
  push(chunk: Buffer): void;
  /** At the end of the stream: hands out a last line without a line break. */
  end(): void;
}

/**
 * Cuts a byte stream into lines in linear time, whatever the chunks are, within a bound.
 * Handed-out buffers may share memory with the chunks. Empty lines are skipped, a CR before the LF is dropped.
 */
export function createLineFramer(options: LineFramerOptions): LineFramer {
  let parts: Buffer[] = [];
  let partsBytes = 0;
  let skippedBytes = 0;

  const keep = (part: Buffer): void => {
    if (skippedBytes > 0 || partsBytes + part.length > options.maxLineBytes) {
      skippedBytes += partsBytes + part.length;
      parts = [];
      partsBytes = 0;
      return;
    }
    parts.push(part);
    partsBytes += part.length;
  };

  const finishLine = (): void => {
    const [first] = parts;
    const line = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts, partsBytes);
    const tooLongBytes = skippedBytes;
    parts = [];
    partsBytes = 0;
    skippedBytes = 0;
    if (tooLongBytes > 0) options.onLineTooLong(tooLongBytes);
    else emit(line, options);
  };

  return {
    push(chunk) {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(0x0a, start);
        if (end === -1) break;
        if (partsBytes === 0 && skippedBytes === 0 && end - start <= options.maxLineBytes)
          emit(chunk.subarray(start, end), options);
        else {
          keep(chunk.subarray(start, end));
          finishLine();
        }
        start = end + 1;
      }
      if (start < chunk.length) keep(start === 0 ? chunk : chunk.subarray(start));
    },
    end() {
      if (partsBytes > 0 || skippedBytes > 0) finishLine();
    },
  };
}

function emit(line: Buffer, options: LineFramerOptions): void {
  const trimmed = line[line.length - 1] === 0x0d ? line.subarray(0, -1) : line;
  if (trimmed.length > 0) options.onLine(trimmed);
}
