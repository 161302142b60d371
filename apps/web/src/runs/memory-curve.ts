import type { RunRecord, RunSample } from "@mcpproxy/core/run/run-record";

export type MemoryReading = Pick<RunSample, "at" | "memoryBytes">;

export interface MemoryCurve {
  /** SVG path in a box of 1000 by 100, y downwards. */
  readonly linePath: string;
  readonly areaPath: string;
  /** Height of the limit in the same box; absent when there is no limit. */
  readonly limitY?: number;
  readonly topBytes: number;
  readonly highestBytes: number;
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
}): readonly MemoryReading[] {
  const { verdict, endedAt, peakMemoryBytes } = run;
  // Samples are a second apart, and memory runs out in less.
  return verdict?.kind === "oom_killed" && endedAt !== null && peakMemoryBytes !== null
    ? [...samples, { at: endedAt, memoryBytes: peakMemoryBytes }]
    : samples;
}

/** The memory of a run as a curve under its limit. Undefined for fewer than two readings. */
export function memoryCurve({
  samples,
  limitBytes,
}: {
  samples: readonly MemoryReading[];
  limitBytes: number | null;
}): MemoryCurve | undefined {
  const readings = highestPerBucket(
    samples.map((sample) => ({ atMs: Date.parse(sample.at), bytes: sample.memoryBytes })),
  );
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const spanMs = last.atMs - first.atMs;
  const highestBytes = Math.max(...readings.map((reading) => reading.bytes));
  const topBytes = Math.max(highestBytes, limitBytes ?? 0, 1) * headroom;
  const y = (bytes: number): number => round(height - (bytes / topBytes) * height);
  const points = readings.map(
    (reading) => `${round(((reading.atMs - first.atMs) / spanMs) * width)} ${y(reading.bytes)}`,
  );
  const linePath = `M${points.join("L")}`;
  const areaPath = `${linePath}L${width} ${height}L0 ${height}Z`;
  return {
    linePath,
    areaPath,
    topBytes,
    highestBytes,
    spanMs,
    ...(limitBytes === null ? {} : { limitY: y(limitBytes) }),
  };
}

interface Reading {
  readonly atMs: number;
  readonly bytes: number;
}

/** Thins out long series; the highest of each bucket stays, because peaks are what people look for. */
function highestPerBucket(readings: readonly Reading[]): readonly Reading[] {
  if (readings.length <= maximumPoints) return readings;
  const size = Math.ceil(readings.length / maximumPoints);
  const buckets = Array.from({ length: Math.ceil(readings.length / size) }, (_, index) =>
    readings.slice(index * size, (index + 1) * size),
  );
  return buckets.map((bucket) =>
    bucket.reduce((highest, reading) => (reading.bytes > highest.bytes ? reading : highest)),
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
