import { expect, test } from "vitest";
import { createSteadyNow } from "./steady-now.ts";

const hourMs = 60 * 60 * 1_000;

function clockAt(wallMs: number) {
  const clock = { wall: wallMs, monotonic: 1_000 };
  const now = createSteadyNow({ wallMs: () => clock.wall, monotonicMs: () => clock.monotonic });
  const pass = (ms: number): void => {
    clock.wall += ms;
    clock.monotonic += ms;
  };
  return { clock, now, pass };
}

test("goes with the wall clock, also when that is set back", () => {
  const { clock, now, pass } = clockAt(100 * hourMs);
  pass(hourMs);
  expect(now()).toBe(101 * hourMs);
  clock.wall -= 2 * hourMs;
  expect(now()).toBe(99 * hourMs);
  pass(hourMs);
  expect(now()).toBe(100 * hourMs);
});

test("does not follow a jump forward, until it has stayed for a day", () => {
  const { clock, now, pass } = clockAt(0);
  clock.wall += 1_000 * hourMs;
  pass(hourMs);
  expect(now()).toBe(hourMs);
  pass(22 * hourMs);
  expect(now()).toBe(23 * hourMs);
  pass(2 * hourMs);
  expect(now()).toBe(1_025 * hourMs);
});

test("follows a jump forward never when that is taken back", () => {
  const { clock, now, pass } = clockAt(0);
  clock.wall += 1_000 * hourMs;
  expect(now()).toBe(0);
  clock.wall -= 1_000 * hourMs;
  pass(30 * hourMs);
  expect(now()).toBe(30 * hourMs);
});
