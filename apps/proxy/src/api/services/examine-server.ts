import type { DoctorReport } from "@mcpproxy/core/doctor/doctor-report";
import { examineServer as examine } from "@mcpproxy/core/doctor/examine-server";
import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { ApiContext } from "./context.ts";
import { findServer } from "./find-server.ts";

/**
 * The guide's debugging steps for one server. With `shouldTry` a server that does not run is started, so that the report
 * knows whether it can. Throws AppError server_not_found.
 */
export async function examineServer(
  context: ApiContext,
  { name, shouldTry }: { readonly name: string; readonly shouldTry: boolean },
): Promise<DoctorReport> {
  const { state } = findServer(context, name);
  const isTryable = shouldTry && triable.has(state);
  const trial = isTryable ? await context.servers.tryStart(name) : undefined;
  const server = findServer(context, name);
  const run = await examinedRun(context, server);
  const { configIssues, engine } = context.status();
  const before = await newestEnded(context, name);
  return examine({ server, plan: context.servers.plan(name), run, before, engine, trial, configIssues });
}

/** Nothing runs, and nobody stands in the way. */
const triable: ReadonlySet<ServerState> = new Set<ServerState>([
  "stopped",
  "idle",
  "backing_off",
  "crash_looping",
  "parked",
]);

/** While a server that failed is tried again, the run that failed has more to tell than the one that begins. */
async function examinedRun(context: ApiContext, { name, state, run, attempt, lastVerdict }: ServerRecord) {
  if (run === null) return await newestRun(context, name);
  if (state === "ready" || attempt === 1 || lastVerdict === null) return context.servers.liveRun(run.id);
  return await context.store.runs.find(lastVerdict.runId);
}

async function newestEnded(context: ApiContext, server: string) {
  const page = await context.store.runs.list({ server, state: "ended", limit: 1 });
  return page.runs[0];
}

async function newestRun(context: ApiContext, server: string) {
  const page = await context.store.runs.list({ server, limit: 1 });
  return page.runs[0];
}
