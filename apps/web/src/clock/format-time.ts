const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The clocks of the proxy's machine and the visitor's differ a little: what has just happened must not lie ahead. */
const clockToleranceMs = 3_000;

/** "just now", "12 s ago", "3 min ago", "2 h ago", "5 d ago"; what lies ahead is "in 12 s". */
export function formatRelative(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs;
  if (ageMs < -clockToleranceMs) return `in ${inOneUnit(-ageMs)}`;
  return ageMs < 5_000 ? "just now" : `${inOneUnit(ageMs)} ago`;
}

function inOneUnit(durationMs: number): string {
  if (durationMs < minuteMs) return `${Math.floor(durationMs / 1_000)} s`;
  if (durationMs < hourMs) return `${Math.floor(durationMs / minuteMs)} min`;
  if (durationMs < dayMs) return `${Math.floor(durationMs / hourMs)} h`;
  return `${Math.floor(durationMs / dayMs)} d`;
}

/** "2026-01-01 10:00:00 UTC" */
export function formatUtc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** The visitor's own date and time with the zone's name; only for the browser. */
export function formatLocal(atMs: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(atMs);
}

/** "14:02" in the visitor's zone; only for the browser. */
export function formatClockTime(atMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(atMs);
}

/** "2026-01-01T14:02" in the visitor's zone, as a field for date and time takes it. */
export function formatMinute(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * minuteMs;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}

/** The RFC 3339 time of such a field; undefined when it is empty. */
export function parseMinute(text: string): string | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}
