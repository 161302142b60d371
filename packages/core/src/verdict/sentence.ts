const maximumQuoteLength = 300;

/** A text as the end of a sentence: trimmed, cut to a readable length, with exactly one full stop. */
export function asSentence(text: string): string {
  const trimmed = quote(text);
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** A foreign text inside a sentence: on one line and not longer than 300 characters. */
export function quote(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  return line.length > maximumQuoteLength ? `${line.slice(0, maximumQuoteLength)}…` : line;
}
