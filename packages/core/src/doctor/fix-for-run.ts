import type { IsolationFix } from "../plan/finding.ts";
import type { RunRecord } from "../run/run-record.ts";
import { nextMemoryLimit } from "../verdict/next-memory-limit.ts";

/** The change of a server's `isolation` that would have prevented how this run ended; undefined where none is known. */
export function fixForRun(run: Pick<RunRecord, "verdict" | "limits">): IsolationFix | undefined {
  switch (run.verdict?.kind) {
    case "oom_killed":
    case "oom_likely":
    case "oom_child":
      return run.limits.memoryBytes === null
        ? undefined
        : { key: "memory_limit", operation: "set", value: nextMemoryLimit(run.limits.memoryBytes) };
    case "package_failed":
    case "handshake_failed":
      return run.limits.network === "none" && isNetworkMissing(run.verdict.remedy)
        ? { key: "network_mode", operation: "set", value: "bridge" }
        : undefined;
    default:
      return undefined;
  }
}

/** The verdict's own words decide whether the network was what it lacked. */
function isNetworkMissing(remedy: string | undefined): boolean {
  return remedy?.includes("network_mode") === true;
}
