import { expect, test } from "vitest";
import { brushedTime, histogramBars } from "./histogram-shape.ts";

const bucketMs = 60_000;
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const bars = histogramBars({
  bucketMs,
  buckets: [
    { at: at(0), verdicts: [] },
    {
      at: at(1),
      verdicts: [
        { value: "completed", runs: 1 },
        { value: "oom_killed", runs: 2 },
        { value: "app_error", runs: 1 },
      ],
    },
    { at: at(2), verdicts: [{ value: "", runs: 2 }] },
  ],
});

test("bars are shares of the highest, with what is bad at the bottom", () => {
  expect(bars.map(({ total }) => total)).toEqual([0, 4, 2]);
  expect(bars[1]?.parts).toEqual([
    { tone: "bad", runs: 3, from: 0, height: 0.75 },
    { tone: expect.any(String), runs: 1, from: 0.75, height: 0.25 },
  ]);
  expect(bars[2]?.parts).toEqual([{ tone: "busy", runs: 2, from: 0, height: 0.5 }]);
});

test("brushing gives the time from the first bar to the end of the last, in either direction", () => {
  const expected = { from: at(1), to: at(3) };
  expect(brushedTime(bars, 1, 2)).toEqual(expected);
  expect(brushedTime(bars, 2, 1)).toEqual(expected);
  expect(brushedTime(bars, 0, 9)).toBeUndefined();
});
