export const logStreams = ["proxy", "stderr", "stdout"] as const;
/** Who wrote a line: MCPProxy itself, the server on stderr, or the server wrongly on stdout. */
export type LogStream = (typeof logStreams)[number];

export interface LogLineFilter {
  readonly stream?: LogStream | undefined;
  /** RFC 3339, inclusive. */
  readonly since?: string | undefined;
  /** RFC 3339, inclusive. */
  readonly until?: string | undefined;
}

const linePattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\w+) /;

/** Tells whether a line of server-NAME.log is wanted; made once per filter. */
export function logLineTest({ stream, since, until }: LogLineFilter): (line: string) => boolean {
  const from = since === undefined ? "" : new Date(since).toISOString();
  const to = until === undefined ? "\uffff" : new Date(until).toISOString();
  return (line) => {
    const [, at = "", label = ""] = linePattern.exec(line) ?? [];
    // Times of one format sort as text.
    return at >= from && at <= to && (stream === undefined || stream === streamOf(label));
  };
}

function streamOf(label: string): LogStream {
  if (label === "STDERR") return "stderr";
  if (label === "STDOUT") return "stdout";
  return "proxy";
}
