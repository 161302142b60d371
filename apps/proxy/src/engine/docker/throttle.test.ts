import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createThrottle } from "./throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("publishes the first value at once, then the newest once per interval", () => {
  const published: number[] = [];
  const throttle = createThrottle<number>({ intervalMs: 250, publish: (value) => published.push(value) });
  throttle.offer(1);
  throttle.offer(2);
  throttle.offer(3);
  expect(published).toEqual([1]);
  vi.advanceTimersByTime(250);
  expect(published).toEqual([1, 3]);
  vi.advanceTimersByTime(1_000);
  throttle.offer(4);
  expect(published).toEqual([1, 3, 4]);
});

it("gives what is held back when asked to", () => {
  const published: number[] = [];
  const throttle = createThrottle<number>({ intervalMs: 250, publish: (value) => published.push(value) });
  throttle.offer(1);
  throttle.offer(2);
  throttle.flush();
  expect(published).toEqual([1, 2]);
});
