const shortEscapes = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

// Control characters, the line separators of Unicode, and marks that reorder text: none may forge or hide a line.
const unsafeCharacters = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text on one line: what could end the line or steer a terminal is shown as an escape, all else is unchanged. */
export function escapeLine(text: string): string {
  return text.replace(unsafeCharacters, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return shortEscapes.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
