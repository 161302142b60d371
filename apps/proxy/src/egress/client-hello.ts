/** What the first bytes of a connection say. `incomplete`: more bytes are needed to tell. */
export type ClientHelloParse =
  | { readonly state: "incomplete" }
  | { readonly state: "complete"; readonly serverName: string | undefined }
  | { readonly state: "invalid"; readonly reason: "not_tls" | "client_hello_too_large" };

export const maxClientHelloBytes = 16 * 1024;

const handshakeRecord = 22;
const clientHelloMessage = 1;
const serverNameExtension = 0;
const hostNameEntry = 0;
const maxRecordBytes = 16 * 1024;

const incomplete = { state: "incomplete" } as const;
const notTls = { state: "invalid", reason: "not_tls" } as const;
const tooLarge = { state: "invalid", reason: "client_hello_too_large" } as const;

export interface ClientHelloParser {
  /** Takes the next bytes; the answer stays the same once it is not `incomplete`. */
  push(chunk: Buffer): ClientHelloParse;
}

/**
 * Reads the server name (SNI) from the start of a TLS connection: records of RFC 8446 §5.1, ClientHello of §4.1.2, server
 * name of RFC 6066 §3. Looks at each byte once, so that a client that sends single bytes costs no more than another.
 */
export function createClientHelloParser(): ClientHelloParser {
  const records = createRecordReader();
  const message: number[] = [];
  let parse: ClientHelloParse = incomplete;
  let seenBytes = 0;
  const step = (byte: number): ClientHelloParse => {
    seenBytes += 1;
    const part = records.push(byte);
    if (part === "broken") return notTls;
    if (part === "payload") message.push(byte);
    const judged = part === "payload" ? judgeMessage(message) : incomplete;
    return judged === incomplete && seenBytes === maxClientHelloBytes ? tooLarge : judged;
  };
  return {
    push(chunk) {
      for (const byte of chunk) {
        if (parse.state !== "incomplete") break;
        parse = step(byte);
      }
      return parse;
    },
  };
}

/** Tells of each byte whether it belongs to a record's header or payload; judges a header as early as it can. */
function createRecordReader(): { push(byte: number): "header" | "payload" | "broken" } {
  let header: number[] = [];
  let payloadBytesLeft = 0;
  return {
    push(byte) {
      if (payloadBytesLeft > 0) {
        payloadBytesLeft -= 1;
        return "payload";
      }
      header.push(byte);
      const [type, majorVersion = 3, , high = 0, low] = header;
      if (type !== handshakeRecord || majorVersion !== 3) return "broken";
      if (low === undefined) return "header";
      header = [];
      payloadBytesLeft = high * 256 + low;
      return payloadBytesLeft === 0 || payloadBytesLeft > maxRecordBytes ? "broken" : "header";
    },
  };
}

/** The handshake message so far: its type, its length in three bytes, its body. */
function judgeMessage(message: readonly number[]): ClientHelloParse {
  const [type, high, middle, low] = message;
  if (type !== clientHelloMessage) return notTls;
  if (high === undefined || middle === undefined || low === undefined) return incomplete;
  const bodyBytes = high * 65_536 + middle * 256 + low;
  if (bodyBytes > maxClientHelloBytes) return tooLarge;
  return message.length < 4 + bodyBytes ? incomplete : parseBody(Buffer.from(message.slice(4)));
}

function parseBody(body: Buffer): ClientHelloParse {
  try {
    return { state: "complete", serverName: readServerName(body) };
  } catch (error) {
    if (error instanceof RangeError) return notTls;
    throw error;
  }
}

/** @throws RangeError when a length points outside, or when the name is given twice */
function readServerName(body: Buffer): string | undefined {
  const hello = createReader(body);
  const versionBytes = 2;
  const randomBytes = 32;
  hello.take(versionBytes + randomBytes);
  hello.takeVector(1);
  hello.takeVector(2);
  hello.takeVector(1);
  // Extensions may be missing altogether.
  const extensions = createReader(hello.isAtEnd() ? Buffer.alloc(0) : hello.takeVector(2));
  const names: string[] = [];
  while (!extensions.isAtEnd()) {
    const type = extensions.take(2).readUInt16BE();
    const content = extensions.takeVector(2);
    if (type === serverNameExtension) names.push(readNameList(content));
  }
  if (names.length > 1) throw new RangeError("more than one server name extension");
  return names[0];
}

function readNameList(content: Buffer): string {
  const list = createReader(createReader(content).takeVector(2));
  const type = list.take(1).readUInt8();
  const name = list.takeVector(2).toString("latin1");
  if (type !== hostNameEntry || !list.isAtEnd()) throw new RangeError("not exactly one host name");
  return name;
}

interface Reader {
  take(byteLength: number): Buffer;
  /** Takes a vector whose length stands before it, in that many bytes. */
  takeVector(lengthBytes: 1 | 2): Buffer;
  isAtEnd(): boolean;
}

function createReader(bytes: Buffer): Reader {
  let offset = 0;
  const take = (byteLength: number): Buffer => {
    if (offset + byteLength > bytes.length) throw new RangeError("a length points behind the end");
    offset += byteLength;
    return bytes.subarray(offset - byteLength, offset);
  };
  return {
    take,
    takeVector: (lengthBytes) => take(take(lengthBytes).readUIntBE(0, lengthBytes)),
    isAtEnd: () => offset === bytes.length,
  };
}
