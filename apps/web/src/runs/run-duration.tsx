import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { Duration } from "../clock/duration.tsx";
import { RunningDuration } from "../clock/running-duration.tsx";

/** How long a run took, or takes so far. */
export function RunDuration({ run }: { run: Pick<RunRecord, "state" | "durationMs" | "startedAt"> }) {
  if (run.state === "ended") return <Duration ms={run.durationMs} />;
  return <RunningDuration since={run.startedAt} />;
}
