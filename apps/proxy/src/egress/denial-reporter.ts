import type { EgressDenial } from "./denial.ts";

const windowMs = 60_000;
/** A server that tries a new name each time must not fill the history. */
const maxReportsPerWindow = 60;

/** Passes a denial on at most once per host, port and reason a minute, and 60 a minute altogether. */
export function createDenialReporter(
  onDenied: (denial: EgressDenial) => void,
  nowMs: () => number,
): (denial: EgressDenial) => void {
  const reportedAtMs = new Map<string, number>();
  return (denial) => {
    const now = nowMs();
    for (const [key, atMs] of reportedAtMs) if (now - atMs >= windowMs) reportedAtMs.delete(key);
    const key = `${denial.reason} ${denial.host} ${denial.port}`;
    if (reportedAtMs.has(key) || reportedAtMs.size >= maxReportsPerWindow) return;
    reportedAtMs.set(key, now);
    onDenied(denial);
  };
}
