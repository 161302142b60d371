import { expect, test } from "vitest";
import { parametersAsObject, parseRunFilter, printRunFilter, type RunFilter } from "./run-filter.ts";

const readBack = (filter: RunFilter): RunFilter =>
  parseRunFilter(parametersAsObject(new URLSearchParams(printRunFilter(filter))));

test.each([
  { server: ["a b"], verdict: ["oom_killed"], state: ["ended"], text: "64 MiB & more" },
  { server: ["a", "b"], exitCode: [0, 137], image: ["node:20"], last: "24h" },
  { from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" },
] as const)("what is printed is read back: %j", (filter) => {
  expect(readBack(filter)).toEqual(filter);
});

test("an empty filter prints nothing", () => {
  expect(printRunFilter({})).toBe("");
});

test.each([
  [{ verdict: "nonsense", server: "a" }, { server: ["a"] }],
  [{ state: ["ended", "ready", "ended"] }, { state: ["ready", "ended"] }],
  [{ text: "   " }, {}],
  [{ exitCode: ["137", "x", ""] }, { exitCode: [137] }],
  [{ last: "3y", from: "yesterday" }, {}],
  [{ last: "1h", from: "2026-01-01T00:00:00Z" }, { last: "1h" }],
  [{ other: "x", cursor: "y" }, {}],
  [undefined, {}],
  ["text", {}],
])("%j is read as %j", (input, expected) => {
  expect(parseRunFilter(input)).toEqual(expected);
});
