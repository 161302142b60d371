import { expect, test } from "vitest";
import { createCpuMeter } from "./cpu-meter.ts";

test("cores in use are those since the reading before", () => {
  const measure = createCpuMeter();
  expect(measure(10, 0)).toBeNull();
  expect(measure(11, 1_000)).toBe(1);
  expect(measure(11.5, 6_000)).toBeCloseTo(0.1);
  expect(measure(11.5, 7_000)).toBe(0);
  expect(measure(13.5, 8_000)).toBe(2);
});

test("nothing is said from counters that cannot be read, fell, or were read a moment ago", () => {
  const measure = createCpuMeter();
  expect(measure(undefined, 0)).toBeNull();
  expect(measure(5, 1_000)).toBeNull();
  expect(measure(5.02, 1_010)).toBeNull();
  expect(measure(6, 2_000)).toBe(1);
  expect(measure(0.1, 3_000)).toBeNull();
  expect(measure(1.1, 4_000)).toBeCloseTo(1);
});
