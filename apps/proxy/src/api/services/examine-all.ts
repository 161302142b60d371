import type { DoctorReport } from "@mcpproxy/core/doctor/doctor-report";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { ApiContext } from "./context.ts";
import { examineServer } from "./examine-server.ts";

export interface WholeReport {
  readonly engine: EngineStatus;
  readonly servers: readonly DoctorReport[];
}

/** The engine and every server that is not switched off, examined without starting any. */
export async function examineAll(context: ApiContext): Promise<WholeReport> {
  const names = context.servers.list().flatMap(({ name, enabled }) => (enabled ? [name] : []));
  const servers = await Promise.all(names.map((name) => examineServer(context, { name, shouldTry: false })));
  return { engine: context.status().engine, servers };
}
