import { expect, test } from "vitest";
import { lostInputIntent } from "./lost-input.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const clock = { timestamp: () => at(30) };
const eventGap = { from: at(10), to: at(12) };

test.each([
  ["in the gap", { eventGap, exitCode: 0, endedAt: at(11) }, true],
  ["a moment before it was noticed", { eventGap, exitCode: 0, endedAt: at(9) }, true],
  ["just after it", { eventGap, exitCode: 0, endedAt: at(13) }, true],
  ["long after it", { eventGap, exitCode: 0, endedAt: at(20) }, false],
  ["long before it", { eventGap, exitCode: 0, endedAt: at(2) }, false],
  ["in the gap, but with an error", { eventGap, exitCode: 1, endedAt: at(11) }, false],
  ["without a gap", { exitCode: 0, endedAt: at(11) }, false],
  ["without a known end", undefined, false],
])("an end %s is blamed on the cut connection: %#", (_words, end, isBlamed) => {
  const intent = lostInputIntent(end, clock);
  expect(intent?.reason.kind === "policy" && intent.reason.policy === "cut_off").toBe(isBlamed);
  expect(intent === undefined).toBe(!isBlamed);
});
