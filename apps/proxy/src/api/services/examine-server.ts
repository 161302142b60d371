import type { DoctorReport } from "@mcpproxy/core/doctor/doctor-report";
import { examineServer as examine } from "@mcpproxy/core/doctor/examine-server";
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
  const isTryable = shouldTry && state === "stopped";
  const trial = isTryable ? await context.servers.tryStart(name) : undefined;
  const server = findServer(context, name);
  const run = server.run === null ? await newestRun(context, name) : context.servers.liveRun(server.run.id);
  const { configIssues, engine } = context.status();
  return examine({ server, plan: context.servers.plan(name), run, engine, trial, configIssues });
}

async function newestRun(context: ApiContext, server: string) {
  const page = await context.store.runs.list({ server, limit: 1 });
  return page.runs[0];
}
