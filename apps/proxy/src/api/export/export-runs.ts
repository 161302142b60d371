import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { RunFilter, RunRepository } from "../../store/store.ts";
import { csvRecord } from "./csv-cell.ts";
import { runCsvColumns } from "./run-csv-columns.ts";

export const exportFormats = ["csv", "json", "ndjson"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportMediaTypes = {
  csv: "text/csv; charset=utf-8; header=present",
  json: "application/json",
  ndjson: "application/x-ndjson",
} as const satisfies Record<ExportFormat, string>;

/** What is in memory at once: stderr tails make a run up to 64 KiB. */
const pageRuns = 100;

export interface ExportRequest {
  readonly runs: Pick<RunRepository, "list">;
  readonly filter: RunFilter;
  readonly format: ExportFormat;
}

/** The filtered runs as text, newest first, piece by piece: the next page is read when this one was taken. */
export async function* exportRuns({ runs, filter, format }: ExportRequest): AsyncGenerator<string, void, undefined> {
  if (format === "csv") yield csvRecord(runCsvColumns.map(([name]) => name));
  if (format === "json") yield '{"runs":[';
  let isFirst = true;
  for await (const page of pagesOf({ runs, filter, detail: format === "csv" ? "row" : "whole" })) {
    const lead = format === "json" && !isFirst ? ",\n" : "";
    yield lead + formatPage(page, format);
    isFirst = false;
  }
  if (format === "json") yield "]}\n";
}

async function* pagesOf(request: {
  readonly runs: Pick<RunRepository, "list">;
  readonly filter: RunFilter;
  readonly detail: "whole" | "row";
}): AsyncGenerator<readonly RunRecord[]> {
  let cursor: string | undefined;
  do {
    const page = await request.runs.list({ ...request.filter, detail: request.detail, limit: pageRuns, cursor });
    if (page.runs.length > 0) yield page.runs;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

function formatPage(page: readonly RunRecord[], format: ExportFormat): string {
  switch (format) {
    case "csv":
      return page.map((run) => csvRecord(runCsvColumns.map(([, read]) => read(run)))).join("");
    case "json":
      return page.map((run) => JSON.stringify(run)).join(",\n");
    case "ndjson":
      return page.map((run) => `${JSON.stringify(run)}\n`).join("");
    default:
      return format satisfies never;
  }
}
