import { expect, test } from "vitest";
import { formatLatency } from "./latency.ts";

test.each([
  [0, "0 ms"],
  [0.4231, "0.42 ms"],
  [0.996, "1 ms"],
  [8.349, "8.3 ms"],
  [99.94, "99.9 ms"],
  [99.96, "100 ms"],
  [1_500, "1.5 s"],
])("%d is %s", (durationMs, words) => expect(formatLatency(durationMs)).toBe(words));
