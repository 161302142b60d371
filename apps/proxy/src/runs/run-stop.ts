import type { StopIntent, StopStep } from "@mcpproxy/core/verdict/exit-evidence";
import type { Workload, WorkloadEnd } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import type { RunRecorder } from "./run-recorder.ts";
import { stopWorkload } from "./stop-workload.ts";

export interface RunStopOptions {
  readonly recorder: Pick<RunRecorder, "event">;
  readonly clock: Clock;
  readonly stopTimeoutMs: number;
}

/** The stop of one run: at most one, whoever asks for it. */
export class RunStop {
  readonly steps: StopStep[] = [];
  /** What is known when it is over, also when nobody could tell the workload's end. */
  readonly over: Promise<WorkloadEnd>;
  private readonly options: RunStopOptions;
  private readonly end = Promise.withResolvers<WorkloadEnd>();
  private hasBegun = false;

  constructor(options: RunStopOptions) {
    this.options = options;
    this.over = this.end.promise;
  }

  begin(workload: Workload): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const stopping = stopWorkload({ ...this.options, workload, onStep: (step) => this.steps.push(step) });
    void stopping.then((end) => this.end.resolve(end));
  }
}

/** The intent of a stop in one sentence, for the run's timeline. */
export function describeIntent({ actor, reason }: StopIntent): string {
  if (reason.kind === "user") return `${actor} stopped it${reason.note === undefined ? "." : `: ${reason.note}`}`;
  return `MCPProxy stops it: ${reason.policy.replaceAll("_", " ")}${reason.detail === undefined ? "" : ` (${reason.detail})`}.`;
}
