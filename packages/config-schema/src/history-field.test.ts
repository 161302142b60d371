import { expect, test } from "vitest";
import { parseConfig } from "./parse-config.ts";

const dayMs = 86_400_000;

test.each([
  ["{}", { maxAgeMs: 90 * dayMs, maxRuns: 100_000, recordsArguments: false }],
  ['{"history": {"max_age": "30d"}}', { maxAgeMs: 30 * dayMs, maxRuns: 100_000, recordsArguments: false }],
  ['{"history": {"max_runs": 500, "max_age": "1w"}}', { maxAgeMs: 7 * dayMs, maxRuns: 500, recordsArguments: false }],
  ['{"history": {"record_arguments": true}}', { maxAgeMs: 90 * dayMs, maxRuns: 100_000, recordsArguments: true }],
])("%s keeps the history within its bounds", (text, history) => {
  expect(parseConfig(text, "c.json").settings?.history).toEqual(history);
});

test.each([
  ['{"history": {"max_age": "10m"}}', "history.max_age", "is not an age"],
  ['{"history": {"max_runs": 0}}', "history.max_runs", "0"],
  ['{"history": {"max_ages": "30d"}}', "history.max_ages", "max_age"],
])("%s is an error with its place", (text, path, says) => {
  const { settings, issues } = parseConfig(text, "c.json");
  expect(settings).toBeUndefined();
  expect(issues).toMatchObject([{ path }]);
  expect(`${issues[0]?.message ?? ""} ${issues[0]?.remedy ?? ""}`).toContain(says);
});
