import { expect, test } from "vitest";
import { CallTally, type EndedCall } from "./call-tally.ts";

const answered: EndedCall = { method: "tools/call", name: "echo", outcome: "answered", durationMs: 0.2 };

test("calls are counted by tool, other requests by method", () => {
  const tally = new CallTally();
  tally.note(answered);
  tally.note({ ...answered, outcome: "failed", durationMs: 1 });
  tally.note({ ...answered, outcome: "cancelled", durationMs: 9_000 });
  tally.note({ ...answered, method: "prompts/get", name: "greet" });
  expect(tally.read()).toEqual([
    { tool: "echo", calls: 3, errors: 1, cancelled: 1, totalMs: 1.2, maxMs: 1, buckets: [1, 0, 0, 0, 1] },
    { tool: "prompts/get", calls: 1, errors: 0, cancelled: 0, totalMs: 0.2, maxMs: 0.2, buckets: [1] },
  ]);
});

test("what was read does not change with later calls", () => {
  const tally = new CallTally();
  tally.note(answered);
  const before = tally.read();
  tally.note(answered);
  expect(before).toMatchObject([{ calls: 1, buckets: [1] }]);
});

test("ever new names do not fill the memory, and no call is lost", () => {
  const tally = new CallTally();
  for (let index = 0; index < 1_000; index += 1) tally.note({ ...answered, name: `tool-${index}` });
  tally.note({ ...answered, name: "x".repeat(100_000) });
  const all = tally.read();
  expect(all.length).toBeLessThanOrEqual(201);
  expect(all.reduce((sum, { calls }) => sum + calls, 0)).toBe(1_001);
  expect(all.find(({ tool }) => tool === "(other)")?.calls).toBe(801);
});
