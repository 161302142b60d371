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
    const known = this.knownPlaces(lines);
    const newLines = lines.filter(([server], index) => index > (known.get(server) ?? -1));
    const isTorn = [...this.lastLines.keys()].some((server) => !known.has(server));
    if (isTorn) this.addGap("Lines may be missing here: the connection was lost for too long.");
    for (const line of newLines) this.addLine(line);
  }

  /** By server, where in a tail the last line stands that is here already. */
  private knownPlaces(lines: LogBatch["lines"]): ReadonlyMap<number, number> {
    const places = new Map<number, number>();
    for (const [index, [server, line]] of lines.entries())
      if (this.lastLines.get(server) === line) places.set(server, index);
    return places;
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
