import type { CommandContext } from "./command-context.ts";

/** Never narrower, however deep a line is indented. */
const textColumnsMin = 20;

/** Text broken between words to the width of the terminal, each part as deep as its line; whole where it goes elsewhere. */
export function wrapLines(text: string, { terminal }: Pick<CommandContext, "terminal">): string {
  if (terminal === undefined) return text;
  const { columns } = terminal;
  return text
    .split("\n")
    .flatMap((line) => (line.length <= columns ? [line] : wrapLine(line, columns)))
    .join("\n");
}

function wrapLine(line: string, columns: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const width = Math.max(textColumnsMin, columns - indent.length);
  const parts: string[] = [];
  let rest = line.slice(indent.length);
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    // A word that is longer than the line, such as a digest, is broken where the line ends.
    const end = space > 0 ? space : width;
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...parts, rest].map((part) => indent + part);
}
