import { expect, test } from "vitest";
import { runIdIn } from "./run-id-in.ts";

test.each([
  ["019b0000-0000-7000-8000-00000000000a", "019b0000-0000-7000-8000-00000000000a"],
  ["run 019B0000-0000-7000-8000-00000000000A: out of memory", "019b0000-0000-7000-8000-00000000000a"],
  ["everything", undefined],
  ["019b0000-0000-4000-8000-00000000000a", undefined],
])("finds the id in %j", (text, id) => {
  expect(runIdIn(text)).toBe(id);
});
