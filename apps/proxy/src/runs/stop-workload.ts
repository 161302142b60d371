import type { StopStep } from "@mcpproxy/core/verdict/exit-evidence";
import type { Workload, WorkloadEnd } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import { withinDeadline } from "./deadline.ts";
import type { RunRecorder } from "./run-recorder.ts";

/** Every server measured exits within 25 ms of EOF; one that has not after this long ignores it. */
const endOfInputGraceMs = 2_000;

export interface StopWorkloadInput {
  readonly workload: Workload;
  readonly recorder: RunRecorder;
  readonly clock: Clock;
  readonly stopTimeoutMs: number;
  onStep(step: StopStep): void;
}

/** The lifecycle order of the MCP specification for stdio: close stdin, SIGTERM, SIGKILL, each with its grace. */
export async function stopWorkload(input: StopWorkloadInput): Promise<WorkloadEnd> {
  const { workload, recorder, stopTimeoutMs } = input;
  const note = (step: StopStep["step"]): void => input.onStep({ at: input.clock.timestamp(), step });

  note("stdin-closed");
  recorder.event("stdin-closed", "Closed the server's stdin.");
  workload.closeStdin();
  const afterEnd = await withinDeadline(workload.ended, Math.min(endOfInputGraceMs, stopTimeoutMs));
  if (afterEnd !== "timed-out") return afterEnd;

  note("sigterm");
  recorder.event(
    "sigterm-sent",
    `Still running after stdin was closed: sent SIGTERM, waiting up to ${stopTimeoutMs / 1_000} s.`,
  );
  await workload.signal("SIGTERM");
  const afterTerm = await withinDeadline(workload.ended, stopTimeoutMs);
  if (afterTerm !== "timed-out") return afterTerm;

  note("sigkill");
  recorder.event("sigkill-sent", `Ignored SIGTERM for ${stopTimeoutMs / 1_000} s: sent SIGKILL.`);
  await workload.signal("SIGKILL");
  return await workload.ended;
}
