import type { ServerRecord } from "@mcpproxy/core/run/server-record";

/** The run whose isolation a server's page shows: the one that goes on now, else the last one. */
export function scoredRunId({ run, lastVerdict }: Pick<ServerRecord, "run" | "lastVerdict">): string | undefined {
  return run?.id ?? lastVerdict?.runId;
}
