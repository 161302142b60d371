import type { RunQuery } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";
import type { ReviewedRun } from "./find-run.ts";

export interface ReviewedRunPage {
  /** Newest first. */
  readonly runs: readonly ReviewedRun[];
  readonly nextCursor: string | null;
}

/** A page of runs, newest first; those that still live come as they are now, not as they were stored. */
export async function listRuns(context: ApiContext, query: RunQuery): Promise<ReviewedRunPage> {
  const page = await context.store.runs.list(query);
  const reviews = await context.store.reviews.of(page.runs.map(({ id }) => id));
  const runs = page.runs.map((run) => ({
    ...(context.servers.liveRun(run.id) ?? run),
    review: reviews.get(run.id) ?? null,
  }));
  return { ...page, runs };
}

/** The same for a table: stderr tails would make fifty rows megabytes, and no table shows them. */
export async function listRunRows(context: ApiContext, query: RunQuery): Promise<ReviewedRunPage> {
  const page = await listRuns(context, { ...query, detail: "row" });
  return { ...page, runs: page.runs.map((run) => ({ ...run, stderrTail: [] })) };
}
