import type { CallInFlight } from "@mcpproxy/core/run/run-record";
import type { ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import type { RpcError } from "../bridge/rpc-error.ts";
import type { CutOff } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import { policyIntent } from "./policy-intent.ts";
import { cutOffError } from "./run-failure.ts";
import type { RunRecorder } from "./run-recorder.ts";

export interface RunCutOffOptions {
  readonly bridge: Pick<Bridge, "describeCallsInFlight" | "detach">;
  readonly recorder: RunRecorder;
  readonly clock: Clock;
  onEvent(event: ServerEvent): void;
  /** Nobody need wait any more for it to be ready. */
  onCutOff(error: RpcError): void;
  stop(intent: StopIntent): Promise<unknown>;
}

/**
 * A run whose stdio is lost before its end is known, mostly because its engine went away. Its calls fail at once; the
 * run stays open until the engine is back and tells its end. What still runs then is stopped: nobody can talk to it.
 */
export class RunCutOff {
  /** In flight when the stdio was lost; undefined while it is not. */
  calls: readonly CallInFlight[] | undefined;
  /** The engine does not tell yet what became of the process. */
  isEngineAway = false;
  wasEngineAway = false;
  private readonly options: RunCutOffOptions;

  constructor(options: RunCutOffOptions) {
    this.options = options;
  }

  get isCutOff(): boolean {
    return this.calls !== undefined;
  }

  note(cutOff: CutOff): void {
    const { bridge, recorder, onEvent, onCutOff } = this.options;
    const { server, id: runId, state } = recorder.record;
    if (state === "ended") return;
    const { isEngineAway } = cutOff;
    this.calls = bridge.describeCallsInFlight();
    this.isEngineAway = isEngineAway;
    // A run that is being stopped already stays what it is, and its calls fail now instead of at its end.
    const isWanted = recorder.intents.length === 0;
    this.wasEngineAway = isEngineAway && isWanted;
    recorder.event("engine-lost", lossMessage(cutOff, this.calls.length));
    if (isWanted) recorder.update({ state: "stopping" });
    const error = cutOffError({ server, runId, isEngineAway });
    onCutOff(error);
    bridge.detach(error);
    if (isEngineAway && isWanted) onEvent("cut-off");
    void this.settle(cutOff);
  }

  private async settle(cutOff: CutOff): Promise<void> {
    const { recorder, clock, stop } = this.options;
    const stillRuns = await cutOff.stillRuns;
    this.isEngineAway = false;
    if (recorder.record.state === "ended") return;
    if (cutOff.isEngineAway) recorder.event("engine-back", backMessage(stillRuns));
    if (!stillRuns) return;
    const detail = cutOff.isEngineAway
      ? "Docker stopped answering, and was back while the container still ran"
      : "its output had ended while it still ran";
    await stop(policyIntent(clock, { policy: "cut_off", detail }));
  }
}

function lossMessage({ isEngineAway }: CutOff, calls: number): string {
  const failed = calls === 0 ? "" : ` ${calls === 1 ? "1 call" : `${calls} calls`} in flight failed.`;
  return isEngineAway
    ? `Docker stopped answering, and the connection to the container is lost.${failed}`
    : `The connection to the container is lost, although it still runs.${failed}`;
}

function backMessage(stillRuns: boolean): string {
  return stillRuns
    ? "Docker is back, and the container still runs: it is stopped, because its input cannot be connected again."
    : "Docker is back, and the container has ended.";
}
