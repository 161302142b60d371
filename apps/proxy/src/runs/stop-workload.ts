import type { StopStep } from "@mcpproxy/core/verdict/exit-evidence";
import type { Workload, WorkloadEnd } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import { withinDeadline } from "../waiting/deadline.ts";
import type { RunRecorder } from "./run-recorder.ts";

/** Every server measured exits within 25 ms of EOF; one that has not after this long ignores it. */
const endOfInputGraceMs = 2_000;
/** A killed process is gone at once; longer means that the engine is away and cannot tell. */
const killedGraceMs = 5_000;

export interface StopWorkloadInput {
  readonly workload: Workload;
  readonly recorder: Pick<RunRecorder, "event">;
  readonly clock: Clock;
  readonly stopTimeoutMs: number;
  onStep(step: StopStep): void;
}

/**
 * The lifecycle order of the MCP specification for stdio: close stdin, SIGTERM, SIGKILL, each with its grace.
 * Never rejects, and always ends: with an engine that is away the workload counts as still running.
 */
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
  await sendSignal(input, "SIGTERM");
  const afterTerm = await withinDeadline(workload.ended, stopTimeoutMs);
  if (afterTerm !== "timed-out") return afterTerm;

  note("sigkill");
  recorder.event("sigkill-sent", `Ignored SIGTERM for ${stopTimeoutMs / 1_000} s: sent SIGKILL.`);
  await sendSignal(input, "SIGKILL");
  const afterKill = await withinDeadline(workload.ended, killedGraceMs);
  return afterKill === "timed-out" ? unknownEnd(input.clock) : afterKill;
}

/** A signal that cannot be sent (the engine is away) must not keep the next step from being tried. */
async function sendSignal({ workload, recorder }: StopWorkloadInput, name: "SIGTERM" | "SIGKILL"): Promise<void> {
  try {
    await workload.signal(name);
  } catch (error) {
    recorder.event("failed", `${name} could not be sent: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unknownEnd(clock: Clock): WorkloadEnd {
  return {
    endedAt: clock.timestamp(),
    containerState: "running",
    isOomFlagSet: false,
    stateError: "Its end could not be seen: the engine did not answer.",
    events: [],
  };
}
