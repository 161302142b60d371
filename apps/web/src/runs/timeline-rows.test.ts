import type { RunEvent } from "@mcpproxy/core/run/run-record";
import { expect, test } from "vitest";
import { formatOffset, timelineRows } from "./timeline-rows.ts";

const startedAt = "2026-01-01T10:00:00.000Z";

function event(id: number, milliseconds: number, kind: RunEvent["kind"]): RunEvent {
  return {
    id,
    runId: "r",
    at: new Date(Date.parse(startedAt) + milliseconds).toISOString(),
    kind,
    message: "",
    durationMs: null,
  };
}

test("orders by time, then by id, and counts from the start", () => {
  const rows = timelineRows({ events: [event(3, 50, "died"), event(2, 50, "oom"), event(1, 0, "decided")], startedAt });
  expect(rows.map((row) => [row.event.kind, row.offsetMs])).toEqual([
    ["decided", 0],
    ["oom", 50],
    ["died", 50],
  ]);
});

test("puts the end last, also when the death was noted after it", () => {
  const rows = timelineRows({
    events: [event(1, 0, "decided"), event(2, 59, "died"), event(3, 20, "ended")],
    startedAt,
  });
  expect(rows.map((row) => [row.event.kind, row.offsetMs])).toEqual([
    ["decided", 0],
    ["died", 59],
    ["ended", 59],
  ]);
});

test("keeps only the last line of a pull's progress", () => {
  const rows = timelineRows({ events: [event(1, 0, "pull-progress"), event(2, 5, "pull-progress")], startedAt });
  expect(rows.map((row) => row.event.id)).toEqual([2]);
});

test.each([
  [0, "+0.000 s"],
  [430, "+0.430 s"],
  [75_240, "+75.2 s"],
])("%i ms is %s", (offsetMs, text) => {
  expect(formatOffset(offsetMs)).toBe(text);
});
