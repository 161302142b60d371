import { formatDuration } from "./duration.ts";

/** A latency for people; below 100 ms with what matters there: "0.42 ms", "8.3 ms", "430 ms", "1.5 s". */
export function formatLatency(durationMs: number): string {
  if (durationMs >= 99.95) return formatDuration(durationMs);
  return `${durationMs >= 0.995 ? Math.round(durationMs * 10) / 10 : Math.round(durationMs * 100) / 100} ms`;
}
