import { expect, test } from "vitest";
import { exitsInWords } from "./exits-in-words.ts";

const span = { from: "2026-11-23T08:00:00Z", to: "2026-11-24T08:00:00Z" };

test.each([
  [{ exits: 0, memoryKills: 0, failures: 0 }, "no exit in 1d"],
  [{ exits: 1, memoryKills: 0, failures: 0 }, "0 of 1 exit out of memory, in 1d"],
  [{ exits: 5, memoryKills: 3, failures: 4 }, "3 of 5 exits out of memory, 1 failed otherwise, in 1d"],
])("%j", (exits, words) => {
  expect(exitsInWords({ ...span, ...exits })).toBe(words);
});
