import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { RunFilter } from "./run-filter.ts";

/** Whether a run belongs to a filtered list; the same rules as the proxy's own search. */
export function matchesRunFilter(run: RunRecord, filter: RunFilter): boolean {
  if (filter.server !== undefined && run.server !== filter.server) return false;
  if (filter.state !== undefined && run.state !== filter.state) return false;
  if (filter.verdict !== undefined && run.verdict?.kind !== filter.verdict) return false;
  return filter.text === undefined || mentions(run, filter.text.toLowerCase());
}

function mentions(run: RunRecord, text: string): boolean {
  return [run.server, run.image, run.verdict?.summary].some((value) => value?.toLowerCase().includes(text) === true);
}
