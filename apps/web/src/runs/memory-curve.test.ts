import { expect, test } from "vitest";
import { memoryCurve } from "./memory-curve.ts";

function sample(second: number, memoryBytes: number) {
  return { at: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(), memoryBytes, peakBytes: null };
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

test("has no limit line without a limit", () => {
  expect(memoryCurve({ samples: [sample(0, 1), sample(1, 2)], limitBytes: null })).not.toHaveProperty("limitY");
});

test("thins out a long series and keeps its peak", () => {
  const samples = Array.from({ length: 3_600 }, (_, index) => sample(index, index === 1_234 ? 900 : 10));
  const curve = memoryCurve({ samples, limitBytes: 1_000 });
  expect(curve?.highestBytes).toBe(900);
  expect(curve?.linePath.split("L").length).toBeLessThanOrEqual(500);
});
