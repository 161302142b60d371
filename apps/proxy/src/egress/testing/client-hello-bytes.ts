/** A ClientHello as bytes, put together from its parts. */
export interface ClientHelloParts {
  readonly serverNames: readonly string[];
  /** Content of an extension of an unknown type that comes first. */
  readonly padding?: Buffer;
}

export function clientHelloMessage({ serverNames, padding = Buffer.alloc(0) }: ClientHelloParts): Buffer {
  const extensions = [
    Buffer.concat([number(0xfafa, 2), vector(2, padding)]),
    ...serverNames.map((name) => {
      const entry = Buffer.concat([number(0, 1), vector(2, Buffer.from(name))]);
      return Buffer.concat([number(0, 2), vector(2, vector(2, entry))]);
    }),
  ];
  const body = Buffer.concat([
    number(0x0303, 2),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(32, 9)),
    vector(2, Buffer.from([0x13, 0x01])),
    vector(1, Buffer.from([0])),
    vector(2, Buffer.concat(extensions)),
  ]);
  return Buffer.concat([number(1, 1), vector(3, body)]);
}

/** Cuts a handshake message into TLS records of at most this many bytes. */
export function toRecords(message: Buffer, maxPayloadBytes: number): Buffer {
  const records: Buffer[] = [];
  for (let offset = 0; offset < message.length; offset += maxPayloadBytes) {
    records.push(Buffer.from([22, 3, 1]), vector(2, message.subarray(offset, offset + maxPayloadBytes)));
  }
  return Buffer.concat(records);
}

function vector(lengthBytes: number, content: Buffer): Buffer {
  return Buffer.concat([number(content.length, lengthBytes), content]);
}

function number(value: number, byteLength: number): Buffer {
  const bytes = Buffer.alloc(byteLength);
  bytes.writeUIntBE(value, 0, byteLength);
  return bytes;
}
