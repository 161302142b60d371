import { expect, it } from "vitest";
import { backoffDelayMs } from "./backoff.ts";

const restart = { backoffInitialMs: 1_000, backoffMaxMs: 300_000 };

it.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [9, 256_000],
  [10, 300_000],
  [5_000, 300_000],
])("after %i failures waits at most %i ms, and by chance anything less", (failures, longestMs) => {
  expect(backoffDelayMs(restart, { failures, random: 0 })).toBe(0);
  expect(backoffDelayMs(restart, { failures, random: 0.5 })).toBe(longestMs / 2);
  expect(backoffDelayMs(restart, { failures, random: 0.999_999_999 })).toBe(longestMs);
});
