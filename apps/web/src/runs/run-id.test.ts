import { expect, test } from "vitest";
import { isRunId } from "./run-id.ts";

test.each([
  ["01980000-0000-7000-8000-000000000001", true],
  ["01980000", false],
  ["", false],
  ["01980000-0000-7000-8000-000000000001/..", false],
])("%s: %s", (text, expected) => {
  expect(isRunId(text)).toBe(expected);
});
