import { expect, test } from "vitest";
import { formatDuration } from "./duration.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

test.each([
  [0, "0 ms"],
  [430, "430 ms"],
  [1_500, "1.5 s"],
  [9_960, "10 s"],
  [12_000, "12 s"],
  [59_600, "1m"],
  [9 * minuteMs + 56 * secondMs, "9m 56s"],
  [hourMs - 1, "1h"],
  [3 * hourMs + 2 * minuteMs, "3h 2m"],
  [52 * hourMs, "2d 4h"],
])("%d ms are %s", (durationMs, text) => expect(formatDuration(durationMs)).toBe(text));
