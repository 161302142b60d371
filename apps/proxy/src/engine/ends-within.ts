import { setTimeout as pause } from "node:timers/promises";

/** True when `work` ends within `timeoutMs`, false when it takes longer; rejects like `work`. A later end is ignored. */
export async function endsWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([work.then(() => true), pause(timeoutMs, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
