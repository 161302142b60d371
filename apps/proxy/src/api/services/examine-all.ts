import type { DoctorReport } from "@mcpproxy/core/doctor/doctor-report";
import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { ApiContext } from "./context.ts";
import { examineServer } from "./examine-server.ts";

export interface WholeReport {
  readonly engine: EngineStatus;
  /** Every Docker context, with why it is used. */
  readonly contexts: readonly DockerContextRecord[];
  readonly servers: readonly DoctorReport[];
}

/** The engine and every server that is not switched off, examined without starting any. */
export async function examineAll(context: ApiContext): Promise<WholeReport> {
  const names = context.servers.list().flatMap(({ name, enabled }) => (enabled ? [name] : []));
  const servers = await Promise.all(names.map((name) => examineServer(context, { name, shouldTry: false })));
  return { engine: context.status().engine, contexts: await context.contexts(), servers };
}
