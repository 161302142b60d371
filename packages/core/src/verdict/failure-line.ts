import { tellingLine } from "./telling-line.ts";

const lengthMax = 200;

/** What differs from one time to the next although it is the same failure, in the order of replacing. */
const variableParts: readonly (readonly [RegExp, string])[] = [
  // 2026-11-24T08:00:00.123Z, 2026/11/24 08:00:00,123 +0100
  [/\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?(?:Z\b|[+-]\d{2}:?\d{2}\b))?)?/g, "<time>"],
  [/\b\d{2}:\d{2}:\d{2}(?:[.,]\d+)?Z?\b/g, "<time>"],
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, "<id>"],
  [/\b0x[\da-f]+\b/gi, "<hex>"],
  [/\?[^\s"')]*=[^\s"')]*/g, "?<query>"],
  [/(?:\/home|\/Users|[A-Z]:\\Users)[/\\][^/\\\s"':]+/g, "~"],
  [/(\/(?:var\/folders|private\/tmp|var\/tmp|tmp))(?:\/[^/\s"':,;)]+)+/g, "$1/<path>"],
  [/(\/_npx)\/[^/\s"':]+/g, "$1/<id>"],
  // Hashes and digests, then other long runs of letters with digits.
  [/\b(?=[a-f]*\d)[\da-f]{8,}\b/gi, "<hex>"],
  [/(?<![\w<])(?=[A-Za-z_-]*\d)(?=\d*[A-Za-z])[\w-]{20,}(?![\w>])/g, "<id>"],
  [/(?<![A-Za-z])[-+]?\d+(?:[.,]\d+)*(?=[A-Za-z]{0,3}\b)/g, "<n>"],
  [/\d+/g, "<n>"],
  [/\s+/g, " "],
];

/**
 * The line of stderr that says most about a failure, without what differs each time: numbers, times, ids, temporary paths.
 * @returns "" when there is no such line
 */
export function failureLine(stderrTail: readonly string[]): string {
  return normalizeFailureLine(tellingLine(stderrTail) ?? "");
}

/** A line without what differs each time; at most 200 characters. */
export function normalizeFailureLine(line: string): string {
  // Longer ones would take the patterns long, and say nothing more.
  const bounded = line.slice(0, 5 * lengthMax);
  const replaced = variableParts.reduce((text, [pattern, mark]) => text.replaceAll(pattern, mark), bounded).trim();
  return replaced.length <= lengthMax ? replaced : `${replaced.slice(0, lengthMax - 1).trimEnd()}…`;
}
