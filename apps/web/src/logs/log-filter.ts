import type { LogRow, LogStreamName } from "./log-row.ts";

export interface LogFilter {
  readonly text: string;
  /** Streams that are left out. */
  readonly hidden: ReadonlySet<LogStreamName>;
}

/** The rows that pass; gaps always do. The same list when nothing is filtered. */
export function filterRows(rows: readonly LogRow[], { text, hidden }: LogFilter): readonly LogRow[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "" && hidden.size === 0) return rows;
  return rows.filter(
    (row) =>
      row.kind === "gap" || (!hidden.has(row.stream) && (wanted === "" || row.text.toLowerCase().includes(wanted))),
  );
}
