import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { expect, test } from "vitest";
import { memoryCurve, memoryReadings } from "./memory-curve.ts";

function sample(second: number, memoryBytes: number) {
  return {
    at: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
    memoryBytes,
    peakBytes: null,
    cpuCores: null,
  };
}

test("needs two samples", () => {
  expect(memoryCurve({ samples: [], limitBytes: 100 })).toBeUndefined();
  expect(memoryCurve({ samples: [sample(0, 1)], limitBytes: 100 })).toBeUndefined();
});

test("runs over the whole width, under the limit", () => {
  const curve = memoryCurve({ samples: [sample(0, 0), sample(10, 100)], limitBytes: 100 });
  expect(curve?.linePath).toBe("M0 100L1000 7.4");
  expect(curve?.limitY).toBe(7.4);
  expect(curve?.spanMs).toBe(10_000);
});

const killed: Verdict = { kind: "oom_killed", confidence: "certain", summary: "", evidence: [] };
const endedAt = sample(12, 0).at;

test("a kill at the limit is the last reading, however old the last sample is", () => {
  const run = { verdict: killed, endedAt, peakMemoryBytes: 64 };
  expect(memoryReadings({ samples: [sample(10, 9)], run }).at(-1)).toEqual({ at: endedAt, memoryBytes: 64 });
});

test("the peak of any other run stays out of the curve, because nothing says when it was", () => {
  const run = { verdict: { ...killed, kind: "app_error" as const }, endedAt, peakMemoryBytes: 64 };
  expect(memoryReadings({ samples: [sample(10, 9)], run })).toHaveLength(1);
});

test("has no limit line without a limit", () => {
  expect(memoryCurve({ samples: [sample(0, 1), sample(1, 2)], limitBytes: null })).not.toHaveProperty("limitY");
});

test("thins out a long series and keeps its peak", () => {
  const samples = Array.from({ length: 3_600 }, (_, index) => sample(index, index === 1_234 ? 900 : 10));
  const curve = memoryCurve({ samples, limitBytes: 1_000 });
  expect(curve?.highestBytes).toBe(900);
  expect(curve?.linePath.split("L").length).toBeLessThanOrEqual(500);
});
