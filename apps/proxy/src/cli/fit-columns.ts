import type { CommandContext } from "./command-context.ts";

/** Lines cut to the width of the terminal; whole where the output goes into a file or another program. */
export function fitColumns(text: string, { terminal }: Pick<CommandContext, "terminal">): string {
  if (terminal === undefined) return text;
  const columns = terminal.columns;
  return text
    .split("\n")
    .map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line))
    .join("\n");
}
