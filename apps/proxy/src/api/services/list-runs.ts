import type { RunPage, RunQuery } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";

/** A page of runs, newest first; those that still live come as they are now, not as they were stored. */
export async function listRuns(context: ApiContext, query: RunQuery): Promise<RunPage> {
  const page = await context.store.runs.list(query);
  return { ...page, runs: page.runs.map((run) => context.servers.liveRun(run.id) ?? run) };
}

/** The same for a table: stderr tails would make fifty rows megabytes, and no table shows them. */
export async function listRunRows(context: ApiContext, query: RunQuery): Promise<RunPage> {
  const page = await listRuns(context, query);
  return { ...page, runs: page.runs.map((run) => ({ ...run, stderrTail: [] })) };
}
