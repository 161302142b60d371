const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Milliseconds for people, in at most two units: "430 ms", "1.5 s", "9m 56s", "3h 5m", "2d 4h". */
export function formatDuration(durationMs: number): string {
  const wholeMs = Math.max(0, Math.round(durationMs));
  if (wholeMs < secondMs) return `${wholeMs} ms`;
  if (wholeMs < 10 * secondMs - 50) return `${Math.round(wholeMs / 100) / 10} s`;
  if (wholeMs < minuteMs - 500) return `${Math.round(wholeMs / secondMs)} s`;
  const seconds = Math.round(wholeMs / secondMs) * secondMs;
  if (seconds < hourMs) return twoUnits(seconds, { large: [minuteMs, "m"], small: [secondMs, "s"] });
  if (seconds < dayMs) return twoUnits(seconds, { large: [hourMs, "h"], small: [minuteMs, "m"] });
  return twoUnits(seconds, { large: [dayMs, "d"], small: [hourMs, "h"] });
}

interface UnitPair {
  readonly large: readonly [number, string];
  readonly small: readonly [number, string];
}

function twoUnits(durationMs: number, { large, small }: UnitPair): string {
  const largeCount = Math.floor(durationMs / large[0]);
  const smallCount = Math.floor((durationMs % large[0]) / small[0]);
  return smallCount === 0 ? `${largeCount}${large[1]}` : `${largeCount}${large[1]} ${smallCount}${small[1]}`;
}
