import { expect, test } from "vitest";
import { patchRunEvents, patchRunSamples } from "./patch-run-details.ts";

test("adds a new event once", () => {
  const once = patchRunEvents([{ id: 1 }], { id: 2 });
  expect(patchRunEvents(once, { id: 2 })).toEqual([{ id: 1 }, { id: 2 }]);
});

test("adds a sample only when it is newer", () => {
  const first = { at: "2026-01-01T10:00:00.000Z", memoryBytes: 1, peakBytes: null, cpuCores: null };
  const second = { ...first, at: "2026-01-01T10:00:01.000Z" };
  expect(patchRunSamples([first], second)).toEqual([first, second]);
  expect(patchRunSamples([first, second], first)).toEqual([first, second]);
});

test("holds a bounded number of samples", () => {
  const samples = Array.from({ length: 3_600 }, (_, index) => ({
    at: String(10_000 + index),
    memoryBytes: index,
    peakBytes: null,
    cpuCores: null,
  }));
  expect(patchRunSamples(samples, { at: "99999", memoryBytes: 1, peakBytes: null, cpuCores: null })).toHaveLength(
    3_600,
  );
});
