import fc from "fast-check";
import { expect, test } from "vitest";
import { EventLog, type LoggedEvent } from "./event-log.ts";

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("add" as const),
      stream: fc.constantFrom("a", "b", "c"),
      sizeBytes: fc.integer({ min: 0, max: 40 }),
      hasStandIn: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("drop" as const), stream: fc.constantFrom("a", "b", "c") }),
  ),
  { maxLength: 200 },
);

const streams = ["a", "b", "c"];
const standIn = Buffer.from("gone");

test("whatever is added and dropped, the bounds hold, the count of kept bytes is true, and the newest stays", () => {
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 80, max: 200 }),
      (taken, maxEvents, maxBytes) => {
        const kept = { usedBytes: 0, limitBytes: 1_000 };
        const empty: string[] = [];
        const log = new EventLog({
          bounds: () => ({ maxEvents, maxBytes }),
          kept,
          onStreamEmpty: (stream) => void empty.push(stream),
        });
        const all = (): readonly LoggedEvent[] => streams.flatMap((stream) => log.after(stream, 0));
        for (const [index, step] of taken.entries()) {
          const isAdded = step.kind === "add";
          const bytes = Buffer.alloc(isAdded ? step.sizeBytes : 0, index);
          const event = { stream: step.stream, number: index + 1, bytes };
          if (!isAdded) log.dropStream(step.stream);
          else log.add(step.hasStandIn ? { ...event, onLost: () => standIn } : event);
          const sum = all().reduce((total, one) => total + one.bytes.length, 0);
          expect([kept.usedBytes, sum <= maxBytes, all().length <= maxEvents]).toEqual([sum, true, true]);
          // With 80 bytes there is room for the largest beside what stands in for all others.
          expect(log.after(step.stream, index).map((one) => one.bytes)).toEqual(isAdded ? [bytes] : []);
        }
        log.clear();
        expect(kept.usedBytes).toBe(0);
      },
    ),
  );
});

test("the oldest goes first, and what stands in for it keeps its place", () => {
  const kept = { usedBytes: 0, limitBytes: 1_000 };
  const log = new EventLog({ bounds: () => ({ maxEvents: 10, maxBytes: 100 }), kept, onStreamEmpty: () => undefined });
  log.add({ stream: "a", number: 1, bytes: Buffer.alloc(60), onLost: () => standIn });
  log.add({ stream: "b", number: 1, bytes: Buffer.alloc(10) });
  log.add({ stream: "a", number: 2, bytes: Buffer.alloc(60) });
  expect(log.after("a", 0).map(({ number, isStandIn }) => [number, isStandIn])).toEqual([
    [1, true],
    [2, undefined],
  ]);
  expect(log.after("b", 0)).toHaveLength(1);
});

test("what all sessions keep together is bounded too: a session over it gives up its own", () => {
  const kept = { usedBytes: 0, limitBytes: 100 };
  const open = () =>
    new EventLog({ bounds: () => ({ maxEvents: 10, maxBytes: 1_000 }), kept, onStreamEmpty: () => undefined });
  const [one, other] = [open(), open()];
  one.add({ stream: "a", number: 1, bytes: Buffer.alloc(80) });
  other.add({ stream: "a", number: 1, bytes: Buffer.alloc(80) });
  expect([one.after("a", 0).length, other.after("a", 0).length, kept.usedBytes]).toEqual([1, 0, 80]);
});
