import { expect, test } from "vitest";
import { parseRunFilter, printRunFilter } from "./run-filter.ts";

test("what is printed is read back", () => {
  const filter = { server: "a b", verdict: "oom_killed", state: "ended", text: "64 MiB & more" } as const;
  expect(parseRunFilter(Object.fromEntries(new URLSearchParams(printRunFilter(filter))))).toEqual(filter);
});

test("an empty filter prints nothing", () => {
  expect(printRunFilter({})).toBe("");
});

test.each([
  [{ verdict: "nonsense", server: "a" }, { server: "a" }],
  [{ state: ["ended", "ready"] }, {}],
  [{ text: "   " }, {}],
  [{ other: "x", cursor: "y" }, {}],
  [undefined, {}],
  ["text", {}],
])("%j is read as %j", (input, expected) => {
  expect(parseRunFilter(input)).toEqual(expected);
});
