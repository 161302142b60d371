import type { Span } from "./json-scanner.ts";

export interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/** A copy of the message with these values replaced and every other byte as it was. */
export function replaceSpans(bytes: Buffer, replacements: readonly Replacement[]): Buffer {
  const ordered = replacements.length < 2 ? replacements : replacements.toSorted((a, b) => a.span.start - b.span.start);
  let length = bytes.length;
  for (const { span, text } of ordered) length += Buffer.byteLength(text) - (span.end - span.start);
  const copy = Buffer.allocUnsafe(length);
  let from = 0;
  let to = 0;
  for (const { span, text } of ordered) {
    to += bytes.copy(copy, to, from, span.start);
    to += copy.write(text, to);
    from = span.end;
  }
  bytes.copy(copy, to, from);
  return copy;
}
