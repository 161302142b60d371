import { expect, test } from "vitest";
import { formatRelative, formatUtc } from "./format-time.ts";

const now = Date.UTC(2026, 0, 10);

test.each([
  [-3_000, "just now"],
  [-40_000, "in 40 s"],
  [-300_000, "in 5 min"],
  [4_999, "just now"],
  [59_999, "59 s ago"],
  [60_000, "1 min ago"],
  [3_599_999, "59 min ago"],
  [3_600_000, "1 h ago"],
  [86_399_999, "23 h ago"],
  [172_800_000, "2 d ago"],
])("%i ms back is %s", (ageMs, text) => {
  expect(formatRelative(now - ageMs, now)).toBe(text);
});

test("writes UTC to the second", () => {
  expect(formatUtc(now)).toBe("2026-01-10 00:00:00 UTC");
});
