import { expect, it } from "vitest";
import { durationInWords } from "./duration-in-words.ts";

it.each([
  [600_000, "10 minutes"],
  [60_000, "1 minute"],
  [90_000, "90 seconds"],
  [3_600_000, "1 hour"],
  [1_500, "1500 milliseconds"],
])("%i ms is %s", (durationMs, words) => {
  expect(durationInWords(durationMs)).toBe(words);
});
