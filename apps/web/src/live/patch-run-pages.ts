import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { RunFilter } from "../run-list/run-filter.ts";
import { matchesRunFilter } from "../run-list/matches-run-filter.ts";

interface Page<R> {
  readonly runs: readonly R[];
  readonly nextCursor: string | null;
}

/** A run as lists show it: the feed does not know its review. */
type Reviewed = RunRecord & { readonly review: unknown };

/** The loaded pages, newest run first, with one run replaced, put in its place by start time, or taken out. */
export function patchRunPages<R extends Reviewed, P extends Page<R>>({
  pages,
  run,
  filter,
  nowMs,
}: {
  pages: readonly P[];
  run: R;
  filter: RunFilter;
  nowMs: number;
}): P[] {
  const isShown = pages.some((page) => page.runs.some((known) => known.id === run.id));
  const isMatching = matchesRunFilter(run, filter, nowMs);
  if (isShown && isMatching) {
    return pages.map((page) => ({
      ...page,
      runs: page.runs.map((known) => (known.id === run.id ? { ...run, review: known.review } : known)),
    }));
  }
  if (isShown) return pages.map((page) => ({ ...page, runs: page.runs.filter((known) => known.id !== run.id) }));
  return isMatching ? insertRun(pages, run) : [...pages];
}

function insertRun<R extends RunRecord, P extends Page<R>>(pages: readonly P[], run: R): P[] {
  const pageIndex = pages.findIndex((page) => page.runs.some((known) => known.startedAt < run.startedAt));
  const lastIndex = pages.length - 1;
  // Older than everything loaded: it belongs to a page that was not asked for yet, unless there is none.
  if (pageIndex === -1 && pages[lastIndex]?.nextCursor !== null) return [...pages];
  const target = pageIndex === -1 ? lastIndex : pageIndex;
  return pages.map((page, index) => (index === target ? { ...page, runs: insertInto(page.runs, run) } : page));
}

function insertInto<R extends RunRecord>(runs: readonly R[], run: R): R[] {
  const at = runs.findIndex((known) => known.startedAt < run.startedAt);
  return at === -1 ? [...runs, run] : runs.toSpliced(at, 0, run);
}
