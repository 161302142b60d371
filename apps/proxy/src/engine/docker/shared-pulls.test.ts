import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import type { EnsureImageRequest } from "../engine.ts";
import { createPullQueue } from "./pull-queue.ts";
import { createSharedPulls, type PullTask } from "./shared-pulls.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface FakePull {
  readonly task: PullTask;
  end(): void;
  fail(error: Error): void;
}

function createFakePulls(maximumAtOnce = 3) {
  const started: FakePull[] = [];
  const pull = createSharedPulls((task) => {
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    started.push({ task, end: () => resolve({}), fail: reject });
    return promise;
  }, createPullQueue(maximumAtOnce));
  return { started, pull };
}

function requestOf(image: string, changes: Partial<EnsureImageRequest> = {}) {
  const states: PullProgress["state"][] = [];
  const stop = new AbortController();
  const request: EnsureImageRequest = {
    image,
    policy: "missing",
    deadlineMs: 600_000,
    signal: stop.signal,
    onPullStarted: () => undefined,
    onProgress: ({ state }) => states.push(state),
    ...changes,
  };
  return { request, states, stop };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

it("pulls once for everyone who wants the same image", async () => {
  const { started, pull } = createFakePulls();
  const both = [pull(requestOf("a:1").request), pull(requestOf("a:1").request)];
  await settle();
  expect(started).toHaveLength(1);
  started[0]?.end();
  expect(await Promise.all(both)).toEqual([{}, {}]);
});

it("pulls apart what is wanted for another platform", async () => {
  const { started, pull } = createFakePulls();
  const both = [pull(requestOf("a:1").request), pull(requestOf("a:1", { platform: "linux/arm64" }).request)];
  await settle();
  expect(started.map(({ task }) => task.platform)).toEqual([undefined, "linux/arm64"]);
  for (const each of started) each.end();
  await Promise.all(both);
});

it("stops the pull when the last one has given up, and only then", async () => {
  const { started, pull } = createFakePulls();
  const [one, two] = [requestOf("a:1"), requestOf("a:1")];
  const results = Promise.allSettled([pull(one.request), pull(two.request)]);
  await settle();
  one.stop.abort();
  await settle();
  expect(started[0]?.task.signal.aborted).toBe(false);
  two.stop.abort();
  expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(started[0]?.task.signal.aborted).toBe(true);
});

it("begins anew for someone who comes after a stopped pull", async () => {
  const { started, pull } = createFakePulls();
  const first = requestOf("a:1");
  const gaveUp = pull(first.request);
  await settle();
  first.stop.abort();
  await expect(gaveUp).rejects.toThrow("cancelled");
  const second = pull(requestOf("a:1").request);
  await settle();
  started[1]?.end();
  await second;
  expect(started).toHaveLength(2);
});

it("says that it waits for other pulls, and counts its deadline from its own start", async () => {
  const { started, pull } = createFakePulls(1);
  const first = pull(requestOf("a:1", { stallTimeoutMs: 99_000 }).request);
  await settle();
  const second = requestOf("b:1", { deadlineMs: 10_000, stallTimeoutMs: 99_000 });
  const outcome = pull(second.request).catch(String);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(second.states).toEqual(["queued"]);
  started[0]?.end();
  await first;
  await vi.advanceTimersByTimeAsync(9_000);
  expect(second.states).toEqual(["queued", "pulling"]);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(await outcome).toContain("Image b:1 was not pulled within 10 s");
});

it("ends a pull that gets no byte for too long, but not one that only unpacks", async () => {
  const { started, pull } = createFakePulls();
  const outcome = pull(requestOf("a:1").request).catch(String);
  await settle();
  const activity = started[0]?.task.activity;
  await vi.advanceTimersByTimeAsync(50_000);
  activity?.note("waits");
  await vi.advanceTimersByTimeAsync(50_000);
  activity?.note("rests");
  await vi.advanceTimersByTimeAsync(200_000);
  expect(started[0]?.task.signal.aborted).toBe(false);
  activity?.note("waits");
  await vi.advanceTimersByTimeAsync(119_000);
  expect(await outcome).toContain("the registry docker.io sent nothing for 60 s");
  expect(started[0]?.task.signal.aborted).toBe(true);
});

it("publishes at most four times a second, and the last state before it ends", async () => {
  const { started, pull } = createFakePulls();
  const seen: number[] = [];
  const { request } = requestOf("a:1", { onProgress: ({ bytesDone }) => seen.push(bytesDone) });
  const outcome = pull(request);
  await settle();
  for (let bytesDone = 1; bytesDone <= 100; bytesDone += 1) {
    started[0]?.task.onProgress({
      image: "a:1",
      state: "pulling",
      layersDone: 0,
      layersTotal: 1,
      bytesDone,
      bytesTotal: 100,
      layers: [],
    });
    await vi.advanceTimersByTimeAsync(10);
  }
  started[0]?.end();
  await outcome;
  expect(seen.length).toBeLessThanOrEqual(6);
  expect(seen.at(-1)).toBe(100);
});
