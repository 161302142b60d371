import { expect, test } from "vitest";
import { exampleRun } from "../runs/example-run.test-data.ts";
import { matchesRunFilter } from "./matches-run-filter.ts";

test.each([
  [{}, true],
  [{ server: ["a", "everything"] }, true],
  [{ server: ["every"] }, false],
  [{ state: ["ended"] }, true],
  [{ state: ["ready"] }, false],
  [{ verdict: ["oom_killed"] }, true],
  [{ verdict: ["completed"] }, false],
  [{ exitCode: [137] }, true],
  [{ exitCode: [0] }, false],
  [{ last: "1h" }, true],
  [{ from: exampleRun.startedAt }, true],
  [{ to: exampleRun.startedAt }, false],
  [{ text: "64 mib" }, true],
  [{ text: "NODE:20" }, true],
  [{ text: "python" }, false],
  [{ server: ["everything"], text: "python" }, false],
] as const)("filter %j matches: %s", (filter, expected) => {
  expect(matchesRunFilter(exampleRun, filter, Date.parse(exampleRun.startedAt) + 60_000)).toBe(expected);
});
