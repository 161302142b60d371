import type { MemoryReading } from "../engine/engine.ts";

/** Close together while most runs still die young, then once in five seconds. */
const denseMs = 1_000;
const sparseMs = 5_000;
const denseWindowMs = 60_000;

export interface MemorySamplerOptions {
  read(): Promise<MemoryReading | undefined>;
  onReading(reading: MemoryReading): void;
  onError(error: unknown): void;
}

/** Reads memory until stopped; never two readings at a time. */
export function startMemorySampler(options: MemorySamplerOptions): { stop(): void } {
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

  void readAndSchedule();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
