import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { AppError } from "../../app-error.ts";
import type { ApiContext } from "./context.ts";

/** The run of this id. Throws AppError run_not_found. */
export async function findRun(context: ApiContext, id: string): Promise<RunRecord> {
  const run = context.servers.liveRun(id) ?? (await context.store.runs.find(id));
  if (run === undefined) throw new AppError("run_not_found", `No run has the id ${id}.`);
  return run;
}
