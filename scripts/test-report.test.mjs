import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countReport, countStage, sumCounts } from "./test-report.mjs";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mcpproxy-report-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function reportFile(name, content) {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const vitestReport = {
  numPassedTests: 5,
  numFailedTests: 0,
  testResults: [{ status: "passed", assertionResults: [] }],
};

test("a file that Vitest could not load counts as a failure", () => {
  const report = { ...vitestReport, testResults: [{ status: "failed", assertionResults: [] }] };
  expect(countReport(JSON.stringify(report))).toEqual({ passed: 5, failed: 1 });
});

test("Playwright's flaky tests passed in the end, skipped ones count nowhere", () => {
  const report = { stats: { expected: 3, flaky: 1, unexpected: 2, skipped: 9 } };
  expect(countReport(JSON.stringify(report))).toEqual({ passed: 4, failed: 2 });
});

test("a stage without a report is one test", () => {
  expect(countStage({ exitCode: 0 })).toEqual({ passed: 1, failed: 0 });
  expect(countStage({ exitCode: 2 })).toEqual({ passed: 0, failed: 1 });
});

test("a stage that failed with no failed test still counts one failure", () => {
  expect(countStage({ exitCode: 1, reportFiles: [reportFile("a.json", vitestReport)] })).toEqual({
    passed: 5,
    failed: 1,
  });
});

test("a missing report counts one failure", () => {
  const reportFiles = [reportFile("b.json", vitestReport), join(folder, "missing.json")];
  expect(countStage({ exitCode: 0, reportFiles })).toEqual({ passed: 5, failed: 1 });
});

test("counts add up", () => {
  expect(
    sumCounts([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]),
  ).toEqual({ passed: 4, failed: 6 });
});
