import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { endsWithin } from "./ends-within.ts";

it("tells whether the work ended in time", async () => {
  expect(await endsWithin(Promise.resolve("done"), 10_000)).toBe(true);
  expect(await endsWithin(new Promise(() => undefined), 1)).toBe(false);
});

it("rejects like the work, and ignores a failure that comes too late", async () => {
  await expect(endsWithin(Promise.reject(new Error("broken")), 10_000)).rejects.toThrow("broken");
  const late = pause(20).then(() => {
    throw new Error("late");
  });
  expect(await endsWithin(late, 1)).toBe(false);
  await expect(late).rejects.toThrow("late");
});
