import type { HistoryValues } from "@mcpproxy/config-schema/config";
import type { Retention, RetentionPolicy } from "../store/store.ts";
import { createSteadyNow } from "./steady-now.ts";

/** After the start, when the machine has other things to do. */
const firstAfterMs = 60_000;
const everyMs = 60 * 60 * 1_000;
const dayMs = 24 * 60 * 60 * 1_000;

/** While the config cannot be read. */
export const defaultHistoryBounds: HistoryValues = { maxAgeMs: 90 * dayMs, maxRuns: 100_000, recordsArguments: false };

export interface KeepHistoryOptions {
  readonly retention: Retention;
  /** Asked each time, because the config changes. */
  bounds(): HistoryValues;
  onPruned(message: string): void;
  onError(error: unknown): void;
}

/** Keeps the history within its bounds, once an hour. Never rejects and never keeps the process alive. */
export function keepHistory(options: KeepHistoryOptions): { stop(): Promise<void> } {
  const now = createSteadyNow({ wallMs: () => Date.now(), monotonicMs: () => performance.now() });
  let working: Promise<void> = Promise.resolve();
  const closing = new AbortController();
  const work = (): void => {
    working = working.then(() => tidyHistory({ ...options, now }, closing.signal));
  };
  const first = setTimeout(work, firstAfterMs).unref();
  const hourly = setInterval(work, everyMs).unref();
  return {
    async stop() {
      clearTimeout(first);
      clearInterval(hourly);
      closing.abort();
      await working;
    },
  };
}

interface TidyHistoryOptions extends KeepHistoryOptions {
  /** Milliseconds since 1970. */
  now(): number;
}

/** What keepHistory does each time. */
async function tidyHistory(options: TidyHistoryOptions, signal: AbortSignal): Promise<void> {
  const { retention } = options;
  try {
    await retention.thinLeftovers();
    const { runs, before, runsKept } = await retention.prune(policyOf(options.bounds(), options.now()), signal);
    if (runs > 0 && !signal.aborted)
      options.onPruned(`deleted ${runs} runs that began before ${before ?? ""}; ${runsKept} stay`);
  } catch (error) {
    options.onError(error);
  }
}

export function policyOf({ maxAgeMs, maxRuns }: HistoryValues, nowMs: number): RetentionPolicy {
  return { before: new Date(nowMs - maxAgeMs).toISOString(), maxRuns };
}
