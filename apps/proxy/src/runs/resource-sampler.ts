import type { ResourceReading } from "../engine/engine.ts";

/** Close together while most runs still die young, then once in five seconds. */
const denseMs = 1_000;
const sparseMs = 5_000;
const denseWindowMs = 60_000;
/** Servers take memory when they start and when they are called; what a dead one took nobody can ask any more. */
const peakMs = 200;
const peakWindowMs = 5_000;

export interface ResourceSamplerOptions {
  read(): Promise<ResourceReading | undefined>;
  /** Cheap, and between two readings only. */
  readPeak(): Promise<void>;
  /** A call is in flight. */
  isBusy(): boolean;
  onReading(reading: ResourceReading): void;
  onError(error: unknown): void;
}

/** Reads memory and CPU until stopped; never two readings at a time. */
export function startResourceSampler(options: ResourceSamplerOptions): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const startedAt = performance.now();

  const read = async (): Promise<void> => {
    try {
      const reading = await options.read();
      if (reading !== undefined && !isStopped) options.onReading(reading);
    } catch (error) {
      options.onError(error);
    }
  };
  const readAndSchedule = async (): Promise<void> => {
    await read();
    if (isStopped) return;
    const isYoung = performance.now() - startedAt < denseWindowMs;
    timer = setTimeout(() => void readAndSchedule(), isYoung ? denseMs : sparseMs);
    timer.unref();
  };

  const peakTimer = setInterval(() => {
    if (options.isBusy() || performance.now() - startedAt < peakWindowMs) options.readPeak().catch(options.onError);
  }, peakMs).unref();
  void readAndSchedule();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      clearInterval(peakTimer);
    },
  };
}
