import type { RunSample } from "@mcpproxy/core/run/run-record";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { expect, test } from "vitest";
import { cpuReadings, memoryReadings, readingCurve } from "./reading-curve.ts";

const startMs = Date.UTC(2026, 0, 1);
const reading = (second: number, value: number) => ({ atMs: startMs + second * 1_000, value });

function sample(second: number, cpuCores: number | null): RunSample {
  return { at: new Date(startMs + second * 1_000).toISOString(), memoryBytes: 9, peakBytes: null, cpuCores };
}

test("needs two readings", () => {
  expect(readingCurve({ readings: [], limit: 100 })).toBeUndefined();
  expect(readingCurve({ readings: [reading(0, 1)], limit: 100 })).toBeUndefined();
});

test("runs over the whole width, under the limit", () => {
  const curve = readingCurve({ readings: [reading(0, 0), reading(10, 100)], limit: 100 });
  expect(curve?.linePath).toBe("M0 100L1000 7.4");
  expect(curve?.limitY).toBe(7.4);
  expect(curve?.end).toEqual({ x: 1_000, y: 7.4 });
  expect(curve?.spanMs).toBe(10_000);
});

test("a curve of nothing but zeros lies at the bottom", () => {
  expect(readingCurve({ readings: [reading(0, 0), reading(1, 0)], limit: null })?.linePath).toBe("M0 100L1000 100");
});

const killed: Verdict = { kind: "oom_killed", confidence: "certain", summary: "", evidence: [] };
const endedAt = sample(12, 0).at;

test("a kill at the limit is the last reading, however old the last sample is", () => {
  const run = { verdict: killed, endedAt, peakMemoryBytes: 64 };
  expect(memoryReadings({ samples: [sample(10, 9)], run }).at(-1)).toEqual(reading(12, 64));
});

test("the peak of any other run stays out of the curve, because nothing says when it was", () => {
  const run = { verdict: { ...killed, kind: "app_error" as const }, endedAt, peakMemoryBytes: 64 };
  expect(memoryReadings({ samples: [sample(10, 9)], run })).toHaveLength(1);
});

test("samples that do not tell the CPU are left out of its curve", () => {
  expect(cpuReadings([sample(0, null), sample(1, 0.5)])).toEqual([reading(1, 0.5)]);
});

test("has no limit line without a limit", () => {
  expect(readingCurve({ readings: [reading(0, 1), reading(1, 2)], limit: null })).not.toHaveProperty("limitY");
});

test("thins out a long series and keeps its peak", () => {
  const readings = Array.from({ length: 3_600 }, (_, index) => reading(index, index === 1_234 ? 900 : 10));
  const curve = readingCurve({ readings, limit: 1_000 });
  expect(curve?.highest).toBe(900);
  expect(curve?.linePath.split("L").length).toBeLessThanOrEqual(500);
});
