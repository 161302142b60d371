import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number }} TestCount */

/**
 * Counts a stage: from its report where there is one, else the stage itself as one test. A stage that failed without
 * a failed test (a crash, an unreadable report) counts as one failure more, so that no failure is lost.
 * @param {{ exitCode: number, reportFiles?: readonly string[] }} stage
 * @returns {TestCount}
 */
export function countStage({ exitCode, reportFiles }) {
  if (!reportFiles) return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const counts = reportFiles.map((file) => (existsSync(file) ? countReport(readFileSync(file, "utf8")) : undefined));
  const sum = sumCounts(counts.filter((count) => count !== undefined));
  const isSomethingMissing = counts.includes(undefined) || (exitCode !== 0 && sum.failed === 0);
  return isSomethingMissing ? { ...sum, failed: sum.failed + 1 } : sum;
}

/**
 * @param {readonly TestCount[]} counts
 * @returns {TestCount}
 */
export function sumCounts(counts) {
  const add = (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed });
  return counts.reduce(add, { passed: 0, failed: 0 });
}

/**
 * Reads the JSON report of Vitest or of Playwright; undefined when it is neither.
 * @param {string} text
 * @returns {TestCount | undefined}
 */
export function countReport(text) {
  const report = parseJson(text);
  if (report?.stats) return countPlaywright(report);
  return report?.testResults ? countVitest(report) : undefined;
}

function countPlaywright({ stats }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
}

function countVitest(report) {
  // A file that cannot be loaded has no tests, only a status.
  const brokenFiles = report.testResults.filter((file) => file.status === "failed" && !hasFailedTest(file));
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

function hasFailedTest(file) {
  return file.assertionResults.some((test) => test.status === "failed");
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off by a crash
  }
}
