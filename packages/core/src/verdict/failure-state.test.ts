import { expect, test } from "vitest";
import { failureStanding } from "./failure-state.ts";

const base = {
  decision: null,
  decidedAt: null,
  snoozedUntil: null,
  lastSeen: "2026-11-24T06:00:00Z",
  unreviewedRuns: 2,
  nowMs: Date.parse("2026-11-24T12:00:00Z"),
};
const before = "2026-11-24T05:00:00Z";
const after = "2026-11-24T07:00:00Z";
type Case = readonly [string, Partial<Parameters<typeof failureStanding>[0]>, string];

test.each<Case>([
  ["nobody looked at it", {}, "open"],
  ["each run was acknowledged by itself", { unreviewedRuns: 0 }, "acknowledged"],
  ["acknowledged since", { decision: "acknowledged", decidedAt: after, unreviewedRuns: 0 }, "acknowledged"],
  ["acknowledged, one of its runs opened again", { decision: "acknowledged", decidedAt: after }, "open"],
  ["it happened again after that", { decision: "acknowledged", decidedAt: before }, "open again"],
  ["opened by a person", { decision: "open", decidedAt: before }, "open"],
  ["snoozed until later", { decision: "snoozed", decidedAt: before, snoozedUntil: "2026-11-24T13:00:00Z" }, "snoozed"],
  ["the snooze is over", { decision: "snoozed", decidedAt: after, snoozedUntil: "2026-11-24T11:00:00Z" }, "open"],
  [
    "the snooze is over and it happened",
    { decision: "snoozed", decidedAt: before, snoozedUntil: "2026-11-24T11:00:00Z" },
    "open again",
  ],
  ["snoozed until it happens again", { decision: "snoozed", decidedAt: after }, "snoozed"],
  ["and it did", { decision: "snoozed", decidedAt: before }, "open again"],
])("%s", (_name, change, expected) => {
  const { state, hasRecurred } = failureStanding({ ...base, ...change });
  expect(hasRecurred ? `${state} again` : state).toBe(expected);
});
