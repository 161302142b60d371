import { expect, test } from "vitest";
import { describeStrip, describeStripRun, stripMark } from "./strip-marks.ts";

const ended = (verdict: "oom_killed" | "completed" | "killed_outside" | null) => ({
  verdict,
  endedAt: "2026-11-24T08:00:00.123Z",
});

test("the worse a run ended, the higher it stands", () => {
  const tops = (["oom_killed", "killed_outside", "completed"] as const).map((kind) => stripMark(ended(kind)).top);
  expect(tops).toEqual([0, 8, 16]);
  expect(stripMark(ended(null)).top).toBe(16);
});

test("a run in words", () => {
  expect(describeStripRun(ended("oom_killed"))).toBe("Out of memory, ended 2026-11-24 08:00:00 UTC");
  expect(describeStripRun(ended(null))).toBe("Ended, ended 2026-11-24 08:00:00 UTC");
});

test.each([
  [[], "No run has ended yet"],
  [["completed"], "1 run, not failed"],
  [["completed", "completed"], "2 runs, none failed"],
  [["oom_killed"], "1 of 1 run failed"],
  [["completed", "oom_killed", "killed_outside"], "2 of 3 runs failed"],
] as const)("%j is %s", (kinds, words) => {
  expect(describeStrip(kinds.map(ended))).toBe(words);
});
