const escapeCharacter = String.fromCharCode(27);
const colourCodes = new RegExp(`${escapeCharacter}\\[[0-9;]*[A-Za-z]`, "g");
const namesError =
  /\b(error|exception|fatal|panic|cannot|could not|can't|failed|not found|denied|missing|required|usage|invalid)/i;
/** Stack frames, lines of marks only, the version that Node prints last, and where npm keeps its log. */
const isNoise = /^\s+at |^Node\.js v\d|complete log of this run|^npm (?:notice|warn)|^[\s^~{}()[\],]*$/i;

/** Lines without terminal colours, and without the blank ones. */
export function plainLines(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(colourCodes, "").trimEnd()).filter((line) => line !== "");
}

/** The line of stderr that says most about why a process ended: the last that names an error, else the last that is no noise. */
export function tellingLine(stderrTail: readonly string[]): string | undefined {
  const lines = plainLines(stderrTail).filter((line) => !isNoise.test(line));
  return lines.findLast((line) => namesError.test(line)) ?? lines.at(-1);
}
