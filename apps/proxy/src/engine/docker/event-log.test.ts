import { expect, test } from "vitest";
import { createEventLog } from "./event-log.ts";
import type { ContainerEvent } from "./parse-event.ts";

const arrivedMs = Date.parse("2026-03-01T14:05:00.000Z");

function eventAt(timeMs: number): ContainerEvent {
  return {
    containerId: "c",
    labels: {},
    timeNano: timeMs * 1e6,
    event: { at: new Date(timeMs).toISOString(), action: "die", exitCode: 0 },
  };
}

test("an event that comes twice is kept once", () => {
  const log = createEventLog();
  expect([log.add(eventAt(arrivedMs)), log.add(eventAt(arrivedMs))]).toEqual([true, false]);
  expect(log.events).toHaveLength(1);
});

test("times of an engine whose clock is minutes off are told by ours", () => {
  const log = createEventLog();
  const slowClockMs = -180_000;
  // A repeated event of long ago comes late by more than the clock is off.
  log.noteArrival(eventAt(arrivedMs - 600_000 + slowClockMs), arrivedMs);
  log.noteArrival(eventAt(arrivedMs + slowClockMs), arrivedMs + 5);
  expect(log.toOurTime("2026-03-01T14:02:00.000Z")).toBe("2026-03-01T14:05:00.005Z");
});

test("an event that merely took its time does not change the clock", () => {
  const log = createEventLog();
  log.noteArrival(eventAt(arrivedMs), arrivedMs + 1_500);
  expect(log.toOurTime("2026-03-01T14:05:00.000Z")).toBe("2026-03-01T14:05:00.000Z");
  expect(createEventLog().toOurTime("2026-03-01T14:05:00.000Z")).toBe("2026-03-01T14:05:00.000Z");
});
