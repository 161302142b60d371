import type { RunRecord, RunSample } from "@mcpproxy/core/run/run-record";

export interface Reading {
  /** Epoch milliseconds */
  readonly atMs: number;
  readonly value: number;
}

export interface ReadingCurve {
  /** SVG path in a box of 1000 by 100, y downwards. */
  readonly linePath: string;
  readonly areaPath: string;
  /** Height of the limit in the same box; absent when there is no limit. */
  readonly limitY?: number;
  /** The last reading in the same box. */
  readonly end: { readonly x: number; readonly y: number };
  readonly highest: number;
  readonly spanMs: number;
}

const width = 1_000;
const height = 100;
const maximumPoints = 500;
const headroom = 1.08;

/** What is known of a run's memory: its samples and, where the kernel killed it at its limit, that moment. */
export function memoryReadings({
  samples,
  run,
}: {
  samples: readonly RunSample[];
  run: Pick<RunRecord, "verdict" | "endedAt" | "peakMemoryBytes">;
}): readonly Reading[] {
  const { verdict, endedAt, peakMemoryBytes } = run;
  const readings = samples.map(({ at, memoryBytes }) => ({ atMs: Date.parse(at), value: memoryBytes }));
  // Samples are a second apart, and memory runs out in less.
  return verdict?.kind === "oom_killed" && endedAt !== null && peakMemoryBytes !== null
    ? [...readings, { atMs: Date.parse(endedAt), value: peakMemoryBytes }]
    : readings;
}

/** How many cores a run used; the first sample has no earlier one to be compared with. */
export function cpuReadings(samples: readonly RunSample[]): readonly Reading[] {
  return samples.flatMap(({ at, cpuCores }) => (cpuCores === null ? [] : [{ atMs: Date.parse(at), value: cpuCores }]));
}

/** Readings over time as a curve under their limit. Undefined for fewer than two. */
export function readingCurve({
  readings,
  limit,
}: {
  readings: readonly Reading[];
  limit: number | null;
}): ReadingCurve | undefined {
  const shown = highestPerBucket(readings);
  const first = shown[0];
  const last = shown.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const spanMs = last.atMs - first.atMs;
  const highest = Math.max(...shown.map(({ value }) => value));
  const top = Math.max(highest, limit ?? 0, Number.EPSILON) * headroom;
  const x = (atMs: number): number => round(((atMs - first.atMs) / spanMs) * width);
  const y = (value: number): number => round(height - (value / top) * height);
  const linePath = `M${shown.map(({ atMs, value }) => `${x(atMs)} ${y(value)}`).join("L")}`;
  return {
    linePath,
    areaPath: `${linePath}L${width} ${height}L0 ${height}Z`,
    end: { x: width, y: y(last.value) },
    highest,
    spanMs,
    ...(limit === null ? {} : { limitY: y(limit) }),
  };
}

/** Thins out long series; the highest of each bucket stays, because peaks are what people look for. */
function highestPerBucket(readings: readonly Reading[]): readonly Reading[] {
  if (readings.length <= maximumPoints) return readings;
  const size = Math.ceil(readings.length / maximumPoints);
  const buckets = Array.from({ length: Math.ceil(readings.length / size) }, (_, index) =>
    readings.slice(index * size, (index + 1) * size),
  );
  return buckets.map((bucket) =>
    bucket.reduce((highest, reading) => (reading.value > highest.value ? reading : highest)),
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
