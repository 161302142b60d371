import type { RunFilter } from "./run-filter.ts";

export const runPageSize = 50;

/** Input of runs.list for a filter; server and browser must build the same one to share the cache entry. */
export function runListInput(filter: RunFilter) {
  return { ...filter, limit: runPageSize };
}

/** How pages of runs follow each other. */
export const runPaging = { getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor };
