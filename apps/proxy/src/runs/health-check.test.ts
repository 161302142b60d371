import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HealthCheck } from "./health-check.ts";

/** A run whose server answers at once, or never, and the clock that it lives by. */
function setUp({ answers = true }: { readonly answers?: boolean } = {}) {
  const startMs = Date.now();
  const events: string[] = [];
  const server = {
    answers,
    lastCallMs: startMs,
    isInCall: false,
    isPaused: false,
    pings: 0,
    givenUp: 0,
    onPing: () => {},
  };
  const settings = { intervalMs: 60_000 as number | null, timeoutMs: 10_000, failures: 3 };
  const check = new HealthCheck({
    settings: () => settings,
    quietForMs: () => (server.isInCall ? 0 : Date.now() - server.lastCallMs),
    isExcused: () => server.isPaused,
    ping: (onAnswer) => {
      server.pings += 1;
      server.onPing();
      if (server.answers) queueMicrotask(onAnswer);
      return { giveUp: () => (server.givenUp += 1) };
    },
    onFailed: () => events.push("failed"),
    onPassedAgain: () => events.push("passed again"),
    onUnhealthy: (failures) => events.push(`unhealthy after ${failures}`),
  });
  check.start();
  return { check, events, server, settings };
}

const pass = (durationMs: number) => vi.advanceTimersByTimeAsync(durationMs);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a quiet server that answers is pinged once per interval, and nothing is noted", async () => {
  const { server, events } = setUp();
  await pass(60_000 * 3);
  expect([server.pings, events]).toEqual([3, []]);
});

test("a server that stops answering fails once, and after three pings it is unhealthy, once", async () => {
  const { server, events } = setUp();
  await pass(60_000);
  server.answers = false;
  await pass(60_000 + 10_000);
  expect(events).toEqual(["failed"]);
  await pass(70_000);
  expect(events).toEqual(["failed"]);
  await pass(70_000);
  expect(events).toEqual(["failed", "unhealthy after 3"]);
  await pass(3_600_000);
  expect([events.length, server.pings]).toEqual([2, 4]);
});

test("a server that answers again begins a new row", async () => {
  const { server, events } = setUp();
  await pass(60_000);
  server.answers = false;
  await pass(60_000 + 70_000 + 10_000);
  server.answers = true;
  await pass(60_000);
  expect(events).toEqual(["failed", "passed again"]);
  server.answers = false;
  await pass(60_000 + 70_000 + 10_000);
  expect(events).toEqual(["failed", "passed again", "failed"]);
});

test("is not pinged while a call is in flight, nor right after one", async () => {
  const { server } = setUp();
  server.isInCall = true;
  await pass(600_000);
  expect(server.pings).toBe(0);
  server.isInCall = false;
  server.lastCallMs = Date.now();
  await pass(59_000);
  expect(server.pings).toBe(0);
  await pass(30_000);
  expect(server.pings).toBe(1);
});

test.each([3_000, 20_000])("a ping that a call of %i ms meets counts for nothing", async (callMs) => {
  const { server, events } = setUp();
  await pass(60_000);
  server.answers = false;
  server.onPing = () => {
    setTimeout(() => (server.isInCall = true), 1_000);
    setTimeout(() => Object.assign(server, { isInCall: false, lastCallMs: Date.now() }), 1_000 + callMs);
  };
  await pass(3_600_000);
  expect(server.pings).toBeGreaterThan(10);
  expect(events).toEqual([]);
});

test("a server that has never answered a ping is not judged by it, and soon left alone", async () => {
  const { server, events } = setUp({ answers: false });
  await pass(3_600_000);
  expect([server.pings, server.givenUp, events]).toEqual([3, 3, []]);
});

test("a paused container cannot answer, and need not", async () => {
  const { server, events } = setUp();
  await pass(60_000);
  server.answers = false;
  server.isPaused = true;
  await pass(3_600_000);
  expect([server.pings, events]).toEqual([1, []]);
});

test("is off when the config says so, and on again when it says that", async () => {
  const { server, settings } = setUp();
  settings.intervalMs = null;
  await pass(3_600_000);
  expect(server.pings).toBe(0);
  settings.intervalMs = 60_000;
  await pass(120_000);
  expect(server.pings).toBeGreaterThan(0);
});

test("ends with its run, also in the middle of a ping", async () => {
  const { check, server, events } = setUp();
  await pass(60_000);
  server.answers = false;
  await pass(65_000);
  check.stop();
  await pass(3_600_000);
  expect([server.givenUp, events]).toEqual([1, []]);
});
