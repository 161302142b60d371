const units = [
  { name: "hour", durationMs: 3_600_000 },
  { name: "minute", durationMs: 60_000 },
  { name: "second", durationMs: 1_000 },
  { name: "millisecond", durationMs: 1 },
] as const;

/** Milliseconds in the largest unit that says them exactly: "10 minutes", "1 hour", "90 seconds". */
export function durationInWords(durationMs: number): string {
  const unit = units.find((candidate) => durationMs >= candidate.durationMs && durationMs % candidate.durationMs === 0);
  const { name, durationMs: unitMs } = unit ?? units[units.length - 1] ?? units[0];
  const count = durationMs / unitMs;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
