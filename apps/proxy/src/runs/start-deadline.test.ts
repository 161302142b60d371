import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startDeadline, type DownloadSigns } from "./start-deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = { now: () => Date.now() };

/** Runs a deadline of 10 s (60 s at most) until it passes; gives why, when, and how often it was called a download. */
async function waitFor(signs: DownloadSigns | undefined) {
  const beganMs = Date.now();
  let extensions = 0;
  const deadline = startDeadline({
    startMs: 10_000,
    longestMs: 60_000,
    signs,
    clock,
    onStillDownloading: () => {
      extensions += 1;
    },
  });
  const passed = deadline.passed.then((reason) => ({ reason, afterMs: Date.now() - beganMs }));
  await vi.advanceTimersByTimeAsync(120_000);
  return { ...(await passed), extensions };
}

/** So many bytes a second, until a moment. */
function download(bytesPerSecond: number, untilMs: number): DownloadSigns {
  const beganMs = Date.now();
  return {
    readTransferredBytes: () => Promise.resolve((Math.min(Date.now() - beganMs, untilMs) / 1_000) * bytesPerSecond),
    stderrVersion: () => 0,
  };
}

test("a program that downloads nothing has its timeout, and is never asked", async () => {
  expect(await waitFor(undefined)).toEqual({
    reason: "No answer to initialize within 10 s.",
    afterMs: 10_000,
    extensions: 0,
  });
});

describe("a package runner", () => {
  test("without any sign has the same timeout", async () => {
    expect(await waitFor(download(0, 0))).toMatchObject({
      reason: "No answer to initialize within 10 s.",
      afterMs: 10_000,
    });
  });

  test("that chatters a little on the network has the same timeout", async () => {
    expect((await waitFor(download(100, 60_000))).afterMs).toBe(10_000);
  });

  test("has its timeout from the last sign of its download on", async () => {
    const { reason, afterMs, extensions } = await waitFor(download(1_000_000, 25_000));
    expect(reason).toBe("No answer to initialize within 35 s, and no sign of a download for the last 10 s.");
    expect(afterMs).toBe(35_000);
    expect(extensions).toBe(1);
  });

  test("has no more than the longest time, however much it downloads", async () => {
    const { reason, afterMs } = await waitFor(download(1_000_000, 90_000));
    expect(reason).toBe("No answer to initialize within 1m, the most that a download may take (pull_timeout).");
    expect(afterMs).toBe(60_000);
  });

  test("counts lines on stderr where bytes cannot be read", async () => {
    const beganMs = Date.now();
    const signs: DownloadSigns = {
      readTransferredBytes: () => Promise.reject(new Error("no stats")),
      stderrVersion: () => Math.min(3, Math.floor((Date.now() - beganMs) / 6_000)),
    };
    expect((await waitFor(signs)).afterMs).toBe(28_000);
  });

  test("is not held up by an engine that does not answer", async () => {
    const signs: DownloadSigns = {
      readTransferredBytes: () => Promise.withResolvers<number>().promise,
      stderrVersion: () => 0,
    };
    expect((await waitFor(signs)).afterMs).toBe(10_000);
  });

  test("is not asked any more once it has answered", async () => {
    const signs = download(1_000_000, 60_000);
    const read = vi.spyOn(signs, "readTransferredBytes");
    const deadline = startDeadline({
      startMs: 10_000,
      longestMs: 60_000,
      signs,
      clock,
      onStillDownloading: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(900);
    deadline.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).not.toHaveBeenCalled();
  });
});
