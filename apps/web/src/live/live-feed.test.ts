import { observable } from "@trpc/server/observable";
import { createTRPCClient, TRPCClientError, type TRPCLink } from "@trpc/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Router } from "../trpc/router-types.ts";
import { startLiveFeed } from "./live-feed.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A link whose first attempts fail and whose next one says hello. */
function linkThatFails(times: number, attempts: { count: number }): TRPCLink<Router> {
  return () => () =>
    observable((observer) => {
      attempts.count += 1;
      if (attempts.count <= times) observer.error(TRPCClientError.from(new Error("away")));
      else observer.next({ result: { type: "data", data: { id: "0", data: { kind: "hello" } } } });
    });
}

test("tries again with growing pauses until the first message, and stops when told to", async () => {
  const attempts = { count: 0 };
  const client = createTRPCClient<Router>({ links: [linkThatFails(2, attempts)] });
  const seen: string[] = [];
  const stop = startLiveFeed(client, {
    onChange: (change) => seen.push(change.kind),
    onSignal: (signal) => seen.push(signal.kind),
    onFailedAttempt: () => seen.push("failed"),
  });
  expect(seen).toEqual(["lost", "failed"]);
  await vi.advanceTimersByTimeAsync(500);
  expect(attempts.count).toBe(2);
  await vi.advanceTimersByTimeAsync(999);
  expect(attempts.count).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toEqual(["lost", "failed", "lost", "failed", "message", "hello"]);
  stop();
});

test("a stopped feed does not try again", async () => {
  const attempts = { count: 0 };
  const client = createTRPCClient<Router>({ links: [linkThatFails(9, attempts)] });
  const stop = startLiveFeed(client, {
    onChange: () => undefined,
    onSignal: () => undefined,
    onFailedAttempt: () => undefined,
  });
  stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(attempts.count).toBe(1);
});
