/** Byte offsets of a value inside a message: `bytes.subarray(start, end)` is its JSON text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Nesting that no honest message reaches; bounds the recursion. */
const maxDepth = 256;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const letterU = 0x75;
/** The bytes that may follow a backslash: " \ / b f n r t */
const escapes = new Uint8Array(256);
for (const byte of [quote, backslash, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]) escapes[byte] = 1;
const numberGrammar = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const literals = ["true", "false", "null"].map((word) => Buffer.from(word));

/** Thrown inside the scanner only; callers get it as an "invalid" message. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
}

/**
 * A strict single-pass JSON reader over bytes (RFC 8259) that copies nothing: it checks the grammar and hands out spans,
 * so that a message can be routed, and two values in it replaced, with every other byte untouched.
 */
export class JsonScanner {
  readonly bytes: Buffer;
  /** A line break outside of strings: legal JSON, but not inside a stdio line or an SSE data field. */
  hasLineBreak = false;
  /** Inside a member callback, before its value is read: where its key stands. */
  memberStart = 0;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Reads the whole text as one object and calls back for each member with the key and the span of its value. */
  readDocument(onMember: (key: string, scanner: JsonScanner) => void): void {
    this.skipWhitespace();
    this.readObject(onMember, 0);
    this.skipWhitespace();
    if (this.at !== this.bytes.length) this.fail("more text after the end of the message");
  }

  /** Inside a member callback: consumes its value and tells where it stood. */
  readValue(depth = 1): Span {
    const start = this.at;
    this.skipValue(depth);
    return { start, end: this.at };
  }

  /** Inside a member callback: descends when the value is an object, else consumes it as a plain value. */
  readObjectOrValue(onMember: (key: string, scanner: JsonScanner) => void, depth: number): Span {
    const start = this.at;
    if (this.bytes[this.at] === openBrace) this.readObject(onMember, depth);
    else this.skipValue(depth);
    return { start, end: this.at };
  }

  /** Inside a callback: calls back for each element when the value is an array, else consumes it as a plain value. */
  readElementsOrValue(onElement: (scanner: JsonScanner) => void, depth: number): Span {
    const start = this.at;
    if (this.bytes[this.at] === openBracket) this.readArray(onElement, depth);
    else this.skipValue(depth);
    return { start, end: this.at };
  }

  private readArray(onElement: (scanner: JsonScanner) => void, depth: number): void {
    this.at += 1;
    this.skipWhitespace();
    if (this.bytes[this.at] === closeBracket) {
      this.at += 1;
      return;
    }
    do {
      const before = this.at;
      onElement(this);
      if (this.at === before) this.skipValue(depth + 1);
    } while (!this.endsAfterSeparator(closeBracket));
  }

  private readObject(onMember: (key: string, scanner: JsonScanner) => void, depth: number): void {
    if (this.bytes[this.at] !== openBrace) this.fail("a message is a JSON object");
    this.at += 1;
    this.skipWhitespace();
    if (this.bytes[this.at] === closeBrace) {
      this.at += 1;
      return;
    }
    for (;;) {
      const memberStart = this.at;
      const key = this.readKey();
      const before = this.at;
      this.memberStart = memberStart;
      onMember(key, this);
      if (this.at === before) this.skipValue(depth + 1);
      if (this.endsAfterSeparator(closeBrace)) return;
    }
  }

  private readKey(): string {
    const start = this.at;
    this.skipString();
    const end = this.at;
    this.skipWhitespace();
    if (this.bytes[this.at] !== colon) this.fail("':' expected after a key");
    this.at += 1;
    this.skipWhitespace();
    const text = this.bytes.toString("latin1", start + 1, end - 1);
    // A key may hide behind escapes ("\u0069d" is "id"); the server would see through them, so must we.
    return text.includes("\\") ? String(JSON.parse(this.bytes.toString("utf8", start, end))) : text;
  }

  private skipValue(depth: number): void {
    if (depth > maxDepth) this.fail("nested too deeply");
    const byte = this.bytes[this.at];
    if (byte === quote) this.skipString();
    else if (byte === openBrace) this.skipObject(depth);
    else if (byte === openBracket) this.skipArray(depth);
    else this.skipScalar();
  }

  private skipObject(depth: number): void {
    this.at += 1;
    this.skipWhitespace();
    if (this.bytes[this.at] === closeBrace) {
      this.at += 1;
      return;
    }
    do {
      this.skipString();
      this.skipWhitespace();
      if (this.bytes[this.at] !== colon) this.fail("':' expected after a key");
      this.at += 1;
      this.skipWhitespace();
      this.skipValue(depth + 1);
    } while (!this.endsAfterSeparator(closeBrace));
  }

  private skipArray(depth: number): void {
    this.at += 1;
    this.skipWhitespace();
    if (this.bytes[this.at] === closeBracket) {
      this.at += 1;
      return;
    }
    do this.skipValue(depth + 1);
    while (!this.endsAfterSeparator(closeBracket));
  }

  /** After a value: true when the container closes, false when a comma announces the next value. */
  private endsAfterSeparator(close: number): boolean {
    this.skipWhitespace();
    const byte = this.bytes[this.at];
    this.at += 1;
    if (byte === close) return true;
    if (byte !== comma) this.fail(`',' or '${String.fromCharCode(close)}' expected`);
    this.skipWhitespace();
    return false;
  }

  private skipString(): void {
    const { bytes } = this;
    if (bytes[this.at] !== quote) this.fail("a string expected");
    let at = this.at + 1;
    for (;;) {
      at = endOfPlain(bytes, at);
      const byte = bytes[at];
      if (byte === quote) break;
      if (byte !== backslash) {
        this.at = at;
        this.fail(byte === undefined ? "unterminated string" : "control character in a string");
      }
      at += this.escapeLength(at);
    }
    this.at = at + 1;
  }

  private escapeLength(at: number): number {
    const byte = this.bytes[at + 1];
    if (byte !== undefined && escapes[byte] === 1) return 2;
    if (byte === letterU && /^[0-9a-fA-F]{4}$/.test(this.bytes.toString("latin1", at + 2, at + 6))) return 6;
    return this.fail("bad escape in a string");
  }

  private skipScalar(): void {
    const { bytes } = this;
    for (const literal of literals) {
      const end = this.at + literal.length;
      // `compare` throws beyond the end, and a message may be cut there.
      if (
        bytes[this.at] === literal[0] &&
        end <= bytes.length &&
        bytes.compare(literal, 0, literal.length, this.at, end) === 0
      ) {
        this.at = end;
        return;
      }
    }
    let end = this.at;
    while (isNumberByte(bytes[end])) end += 1;
    if (!numberGrammar.test(bytes.toString("latin1", this.at, end))) this.fail("a value expected");
    this.at = end;
  }

  private skipWhitespace(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x0a || byte === 0x0d) this.hasLineBreak = true;
      else if (byte !== 0x20 && byte !== 0x09) return;
      this.at += 1;
    }
  }

  private fail(reason: string): never {
    throw new JsonSyntaxError(`${reason} at byte ${this.at}`);
  }
}

function isNumberByte(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) ||
      byte === 0x2d ||
      byte === 0x2b ||
      byte === 0x2e ||
      byte === 0x65 ||
      byte === 0x45)
  );
}

/** Where the bytes end that a string holds as they are. A function of its own: large messages spend their time here. */
function endOfPlain(bytes: Buffer, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === quote || byte === backslash) return at;
  }
  return length;
}
