import { fixForRun } from "@mcpproxy/core/doctor/fix-for-run";
import type { IsolationFix } from "@mcpproxy/core/plan/finding";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";

/** The change that would have prevented how a run ended; undefined when the server is gone or has other limits by now. */
export function fixOffer(
  run: Pick<RunRecord, "server" | "verdict" | "limits">,
  servers: readonly Pick<ServerRecord, "name" | "limits">[],
): IsolationFix | undefined {
  const server = servers.find(({ name }) => name === run.server);
  const fix = fixForRun(run);
  if (server === undefined || fix === undefined) return undefined;
  // Written after the limit was raised by hand, the change of an old run would take it back.
  const isAsItWas =
    server.limits.memoryBytes === run.limits.memoryBytes && server.limits.network === run.limits.network;
  return isAsItWas ? fix : undefined;
}
