import fc from "fast-check";
import { expect, test } from "vitest";
import { latencyBucketOf, mergeCallCounts, toolCallStats, type CallCounts } from "./call-counts.ts";

function countsOf(durationsMs: readonly number[], tool = "echo"): CallCounts {
  const buckets: number[] = [];
  for (const durationMs of durationsMs) {
    const bucket = latencyBucketOf(durationMs);
    while (buckets.length <= bucket) buckets.push(0);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  const totalMs = durationsMs.reduce((sum, durationMs) => sum + durationMs, 0);
  return {
    tool,
    calls: durationsMs.length,
    errors: 0,
    cancelled: 0,
    totalMs,
    maxMs: Math.max(0, ...durationsMs),
    buckets,
  };
}

test.each([
  [0, 0],
  [0.25, 0],
  [0.26, 1],
  [1, 4],
  [1_000, 24],
  [86_400_000, 41],
])("%d ms is in bucket %d", (durationMs, bucket) => expect(latencyBucketOf(durationMs)).toBe(bucket));

test("quantiles are near the true ones, never above the longest call", () => {
  const duration = fc.double({ min: 0.3, max: 300_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (durationsMs) => {
      const { p50Ms, p95Ms, maxMs } = toolCallStats(countsOf(durationsMs));
      const sorted = durationsMs.toSorted((one, other) => one - other);
      for (const [found, share] of [
        [p50Ms, 0.5],
        [p95Ms, 0.95],
      ] as const) {
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        expect(found).toBeGreaterThan(exact / Math.SQRT2 - 0.001);
        expect(found).toBeLessThan(exact * Math.SQRT2 + 0.001);
        expect(found).toBeLessThanOrEqual(maxMs ?? 0);
      }
    }),
  );
});

test("counts of parts add up to those of the whole", () => {
  const parts = [[1, 2, 300], [], [0.1, 5_000]];
  expect(mergeCallCounts(parts.map((part) => countsOf(part)))).toEqual([countsOf(parts.flat())]);
});

test("tools are kept apart, the most called first", () => {
  const merged = mergeCallCounts([countsOf([1], "b"), countsOf([1], "a"), countsOf([1, 1], "c")]);
  expect(merged.map(({ tool }) => tool)).toEqual(["c", "a", "b"]);
});

test("calls that were all cancelled have no times", () => {
  const cancelled = { ...countsOf([]), calls: 2, cancelled: 2 };
  expect(toolCallStats(cancelled)).toMatchObject({ calls: 2, averageMs: null, p50Ms: null, p95Ms: null, maxMs: null });
});
