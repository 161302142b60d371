import { expect, test } from "vitest";
import { exampleRun } from "./example-run.test-data.ts";
import { matchesRunFilter } from "./matches-run-filter.ts";

test.each([
  [{}, true],
  [{ server: "everything" }, true],
  [{ server: "every" }, false],
  [{ state: "ended" }, true],
  [{ state: "ready" }, false],
  [{ verdict: "oom_killed" }, true],
  [{ verdict: "completed" }, false],
  [{ text: "64 mib" }, true],
  [{ text: "NODE:20" }, true],
  [{ text: "python" }, false],
  [{ server: "everything", text: "python" }, false],
] as const)("filter %j matches: %s", (filter, expected) => {
  expect(matchesRunFilter(exampleRun, filter)).toBe(expected);
});
