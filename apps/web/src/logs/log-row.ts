export const logStreamNames = ["stderr", "stdout", "proxy"] as const;
/** Who wrote a line: the server on stderr, the server wrongly on stdout, or MCPProxy. */
export type LogStreamName = (typeof logStreamNames)[number];

/** One line of a log, or a place where lines are missing. `id` grows with each row and never comes back. */
export type LogRow =
  | {
      readonly kind: "line";
      readonly id: number;
      readonly server: string;
      /** RFC 3339; empty for a line that has none. */
      readonly at: string;
      readonly stream: LogStreamName;
      readonly text: string;
    }
  | { readonly kind: "gap"; readonly id: number; readonly message: string };

export type LogLine = Extract<LogRow, { kind: "line" }>;

/** The label is padded to six characters. */
const linePattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([A-Z ]{6}) (.*)$/s;

/** Takes a line of server-NAME.log apart. */
export function parseLogLine(line: string): Pick<LogLine, "at" | "stream" | "text"> {
  const [, at = "", label = "", text = line] = linePattern.exec(line) ?? [];
  return { at, stream: streamOf(label.trim()), text };
}

function streamOf(label: string): LogStreamName {
  if (label === "STDERR") return "stderr";
  if (label === "STDOUT") return "stdout";
  return "proxy";
}
