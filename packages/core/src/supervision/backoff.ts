import type { RestartSettings } from "../plan/effective-settings.ts";

/**
 * Exponential backoff with full jitter: anything from 0 up to a bound that doubles with each failure.
 * `random` is from 0 (inclusive) to 1 (exclusive). https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(
  restart: Pick<RestartSettings, "backoffInitialMs" | "backoffMaxMs">,
  { failures, random }: { readonly failures: number; readonly random: number },
): number {
  // Beyond 2^40 every bound is the longest wait; the exponent must not become infinite.
  const doublings = Math.min(Math.max(0, failures - 1), 40);
  return Math.round(random * Math.min(restart.backoffMaxMs, restart.backoffInitialMs * 2 ** doublings));
}
