import { expect, test, vi } from "vitest";
import type { ProxyProblem } from "@mcpproxy/core/run/server-record";
import { watchProblems } from "./watch-problems.ts";

test("tells of a problem that comes and of one that goes, once each", () => {
  vi.useFakeTimers();
  try {
    let problems: readonly ProxyProblem[] = [];
    let told = 0;
    const stop = watchProblems(
      () => problems,
      () => (told += 1),
    );
    vi.advanceTimersByTime(10_000);
    expect(told).toBe(0);
    problems = [{ kind: "history", message: "The disk is full.", since: "2026-01-01T00:00:00.000Z" }];
    vi.advanceTimersByTime(10_000);
    expect(told).toBe(1);
    problems = [];
    vi.advanceTimersByTime(10_000);
    expect(told).toBe(2);
    stop();
  } finally {
    vi.useRealTimers();
  }
});
