/** A steering sequence of terminals as the log file has it: the escape character is written out. */
const colourSequence = /\\u001b\[([\d;]*)m/g;
const anySequence = /\\u001b(?:\[[\d;?]*[A-Za-z]|\][^\\]*(?:\\u0007|\\u001b\\))/g;

export function hasAnsi(text: string): boolean {
  return text.includes("\\u001b[");
}

/** Without any of them. */
export function stripAnsi(text: string): string {
  return hasAnsi(text) ? text.replace(anySequence, "") : text;
}

/** With real escape characters for colours, and without the sequences that only move a cursor. */
export function toAnsi(text: string): string {
  return text.replace(colourSequence, "\u001b[$1m").replace(anySequence, "");
}
