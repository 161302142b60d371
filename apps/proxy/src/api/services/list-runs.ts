import type { RunPage, RunQuery } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";

/**
 * A page of runs, newest first; those that still live come as they are now, not as they were stored.
 * Without the stderr tails, which would make a page of fifty runs megabytes: `findRun` has them.
 */
export async function listRuns(context: ApiContext, query: RunQuery): Promise<RunPage> {
  const page = await context.store.runs.list(query);
  const runs = page.runs.map((run) => ({ ...(context.servers.liveRun(run.id) ?? run), stderrTail: [] }));
  return { ...page, runs };
}
