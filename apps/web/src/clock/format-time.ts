const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "just now", "12 s ago", "3 min ago", "2 h ago", "5 d ago". */
export function formatRelative(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs;
  if (ageMs < 5_000) return "just now";
  if (ageMs < minuteMs) return `${Math.floor(ageMs / 1_000)} s ago`;
  if (ageMs < hourMs) return `${Math.floor(ageMs / minuteMs)} min ago`;
  if (ageMs < dayMs) return `${Math.floor(ageMs / hourMs)} h ago`;
  return `${Math.floor(ageMs / dayMs)} d ago`;
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
