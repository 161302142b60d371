const quote = 0x22;
const backslash = 0x5c;
const openers: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const closers: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const comma = 0x2c;

/** Whether a body is a batch: JSON that begins with an array. */
export function isBatch(body: Buffer): boolean {
  for (const byte of body) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return byte === 0x5b;
  return false;
}

/** The elements of a JSON array as they came, each still to be checked; undefined when it is not one whole array. */
export function splitBatch(body: Buffer): readonly Buffer[] | undefined {
  const elements: Buffer[] = [];
  const end = body.length - trailingSpace(body);
  let depth = 0;
  let start = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === quote) at = endOfString(body, at);
    else if (openers.has(byte)) {
      depth += 1;
      if (depth === 1) start = at + 1;
    } else if (closers.has(byte)) {
      depth -= 1;
      if (depth === 0 && at !== end - 1) return undefined;
    } else if (byte === comma && depth === 1) {
      elements.push(body.subarray(start, at));
      start = at + 1;
    }
  }
  if (depth !== 0 || body[end - 1] !== 0x5d) return undefined;
  const last = body.subarray(start, end - 1);
  const isEmpty = elements.length === 0 && last.toString().trim() === "";
  return isEmpty ? [] : [...elements, last];
}

function endOfString(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return at;
}

function trailingSpace(body: Buffer): number {
  let count = 0;
  while (count < body.length && (body[body.length - 1 - count] ?? 0) <= 0x20) count += 1;
  return count;
}
