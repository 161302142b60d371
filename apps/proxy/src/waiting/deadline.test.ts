import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { endsWithin, withDeadline, withinDeadline } from "./deadline.ts";

const never = new Promise<never>(() => undefined);

it("gives the value of the work, or says that it took too long", async () => {
  expect(await withinDeadline(Promise.resolve("done"), 10_000)).toBe("done");
  expect(await withinDeadline(never, 1)).toBe("timed-out");
  await expect(withinDeadline(Promise.reject(new Error("broken")), 10_000)).rejects.toThrow("broken");
});

it("gives the value of the work, or fails as it is told", async () => {
  const limit = (timeoutMs: number) => ({ timeoutMs, createError: () => new Error("too late") });
  expect(await withDeadline(Promise.resolve("timed-out"), limit(10_000))).toBe("timed-out");
  await expect(withDeadline(never, limit(1))).rejects.toThrow("too late");
  await expect(withDeadline(Promise.reject(new Error("broken")), limit(10_000))).rejects.toThrow("broken");
});

it("tells whether the work ended in time", async () => {
  expect(await endsWithin(Promise.resolve("done"), 10_000)).toBe(true);
  expect(await endsWithin(never, 1)).toBe(false);
});

it("rejects like the work, and ignores a failure that comes too late", async () => {
  await expect(endsWithin(Promise.reject(new Error("broken")), 10_000)).rejects.toThrow("broken");
  const late = pause(20).then(() => {
    throw new Error("late");
  });
  expect(await endsWithin(late, 1)).toBe(false);
  await expect(late).rejects.toThrow("late");
});
