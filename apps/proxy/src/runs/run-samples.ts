import type { Bridge } from "../bridge/bridge.ts";
import type { ResourceReading, Workload } from "../engine/engine.ts";
import type { MainLog } from "../logs/main-log.ts";
import { startResourceSampler } from "./resource-sampler.ts";
import type { RunRecorder } from "./run-recorder.ts";

export interface RunSamplesOptions {
  readonly bridge: Pick<Bridge, "callsInFlight">;
  readonly recorder: Pick<RunRecorder, "samples">;
  readonly mainLog: MainLog;
  onReading(): void;
}

/** What a run takes of its machine, read while it lives. */
export class RunSamples {
  latest: ResourceReading | undefined;
  peakBytes: number | undefined;
  private readonly options: RunSamplesOptions;

  constructor(options: RunSamplesOptions) {
    this.options = options;
  }

  /** Reads until it is stopped. */
  start(workload: Workload): { stop(): void } {
    const { bridge, mainLog } = this.options;
    return startResourceSampler({
      read: () => workload.readResources(),
      readPeak: () => workload.readPeak(),
      isBusy: () => bridge.callsInFlight > 0,
      onReading: (reading) => this.note(reading),
      onError: (error) => mainLog.debug({ error: String(error) }, "could not read the memory of a run"),
    });
  }

  private note(reading: ResourceReading): void {
    const { at, workingSetBytes, peakBytes = null, cpuCores } = reading;
    this.latest = reading;
    this.peakBytes = Math.max(this.peakBytes ?? 0, peakBytes ?? 0, workingSetBytes);
    this.options.recorder.samples([{ at, memoryBytes: workingSetBytes, peakBytes, cpuCores }]);
    this.options.onReading();
  }
}
