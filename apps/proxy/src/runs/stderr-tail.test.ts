import { expect, test } from "vitest";
import { StderrTail } from "./stderr-tail.ts";

test("keeps the last 500 lines", () => {
  const tail = new StderrTail();
  for (let line = 1; line <= 5_000; line += 1) tail.add(`line ${line}`);
  const lines = tail.read();
  expect(lines).toHaveLength(500);
  expect(lines.at(-1)).toBe("line 5000");
});

test("keeps at most 64 KiB and cuts endless lines", () => {
  const tail = new StderrTail();
  for (let line = 0; line < 100; line += 1) tail.add("x".repeat(1_000_000));
  const lines = tail.read();
  expect(lines.join("").length).toBeLessThanOrEqual(64 * 1024);
  expect(lines.length).toBeGreaterThan(10);
});
