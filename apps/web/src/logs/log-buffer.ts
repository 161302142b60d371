import { parseLogLine, type LogRow } from "./log-row.ts";

export const logRowsMax = 10_000;
/** Cut away in larger pieces: once for each line would be a copy for each line. */
const slackRows = 1_000;

export interface LogSnapshot {
  /** The newest rows, oldest first. */
  readonly rows: readonly LogRow[];
  /** All rows there ever were; tells how many are new since an earlier snapshot. */
  readonly total: number;
}

export interface LogBatch {
  readonly lines: readonly (readonly [server: number, line: string])[];
  readonly skipped: number;
  readonly isTail: boolean;
}

/** The newest lines of some servers, within a bound. What was lost is a row of its own. */
export class LogBuffer {
  private readonly servers: readonly string[];
  private rows: LogRow[] = [];
  private total = 0;
  /** By server, to find where a new connection goes on. */
  private readonly lastLines = new Map<number, string>();

  constructor(servers: readonly string[]) {
    this.servers = servers;
  }

  /** The tail that every connection begins with goes on where the one before was lost. */
  add({ lines, skipped, isTail }: LogBatch): void {
    if (isTail) this.addTail(lines);
    else for (const line of lines) this.addLine(line);
    if (skipped > 0)
      this.addGap(`${skipped.toLocaleString("en")} lines left out: they came faster than they could be read.`);
    if (this.rows.length > logRowsMax + slackRows) this.rows = this.rows.slice(-logRowsMax);
  }

  clear(): void {
    this.rows = [];
  }

  snapshot(): LogSnapshot {
    return { rows: this.rows.slice(-logRowsMax), total: this.total };
  }

  private addTail(lines: LogBatch["lines"]): void {
    const newLines = lines.filter(([server], index) => index > this.knownUpTo(server, lines));
    const isTorn = [...this.lastLines.keys()].some((server) => this.knownUpTo(server, lines) === -1);
    if (isTorn) this.addGap("Lines may be missing here: the connection was lost for too long.");
    for (const line of newLines) this.addLine(line);
  }

  /** The index of the last line of a server that is here already; -1 when there is none. */
  private knownUpTo(server: number, lines: LogBatch["lines"]): number {
    const last = this.lastLines.get(server);
    return last === undefined ? -1 : lines.findLastIndex((each) => each[0] === server && each[1] === last);
  }

  private addLine([server, line]: readonly [server: number, line: string]): void {
    this.lastLines.set(server, line);
    this.total += 1;
    this.rows.push({ kind: "line", id: this.total, server: this.servers[server] ?? "", ...parseLogLine(line) });
  }

  private addGap(message: string): void {
    this.total += 1;
    this.rows.push({ kind: "gap", id: this.total, message });
  }
}
