import { setTimeout as delay } from "node:timers/promises";

/** Polls until `check` gives something other than undefined or false; rejects with the last error after the deadline. */
export async function until<T>(
  description: string,
  check: () => T | Promise<T>,
  { deadlineMs = 10_000, intervalMs = 25 }: { readonly deadlineMs?: number; readonly intervalMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const endsAt = Date.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await check();
      if (isThere(value)) return value;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > endsAt) throw new Error(`Not within ${deadlineMs} ms: ${description}`, { cause: lastError });
    await delay(intervalMs);
  }
}

function isThere<T>(value: T): value is Exclude<T, undefined | false> {
  return value !== undefined && value !== false;
}
