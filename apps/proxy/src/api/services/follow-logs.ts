import type { ApiContext } from "./context.ts";
import { findServer } from "./find-server.ts";

/** A reader further behind misses lines, and is told how many. */
const waitingLinesMax = 5_000;
/** Characters that wait at most, for servers with long lines. */
const waitingLengthMax = 4 * 1024 * 1024;
/** Lines that come close together travel together. */
const batchWaitMs = 50;

export interface LogBatch {
  /** The index of the server in the request, and its line. */
  readonly lines: readonly (readonly [server: number, line: string])[];
  /** How many lines were left out after these, because they came faster than they were read. */
  readonly skipped: number;
  /** True for what was in the files already. */
  readonly isTail: boolean;
}

export interface FollowLogsRequest {
  readonly servers: readonly string[];
  /** The last so many lines of each, first. */
  readonly tail: number;
  readonly signal: AbortSignal;
}

/** The logs of several servers as one stream: their last lines in order of time, then each new line. Never holds more than its bounds. */
export async function* followLogs(
  context: ApiContext,
  { servers, tail, signal }: FollowLogsRequest,
): AsyncGenerator<LogBatch, void, undefined> {
  const queue = new LogQueue();
  const stops: (() => void)[] = [];
  const onAbort = (): void => queue.wake();
  signal.addEventListener("abort", onAbort);
  try {
    const tails: [number, string][] = [];
    for (const [index, name] of servers.entries()) {
      const log = context.servers.log(findServer(context, name).name);
      const { lines, stop } = await log.tailAndFollow(tail, (line) => queue.add(index, line));
      stops.push(stop);
      tails.push(...lines.slice(-tail).map((line): [number, string] => [index, line]));
    }
    // Every line begins with its time, and times of one format sort as text.
    yield { lines: tails.toSorted(([, left], [, right]) => compareTimes(left, right)), skipped: 0, isTail: true };
    while (!signal.aborted) {
      await queue.filled();
      if (signal.aborted) return;
      yield { ...queue.take(), isTail: false };
      await pause(batchWaitMs, signal);
    }
  } finally {
    for (const stop of stops) stop();
    signal.removeEventListener("abort", onAbort);
  }
}

const timeLength = 24;

function compareTimes(left: string, right: string): number {
  const [first, second] = [left.slice(0, timeLength), right.slice(0, timeLength)];
  return first < second ? -1 : first > second ? 1 : 0;
}

class LogQueue {
  private lines: [number, string][] = [];
  private length = 0;
  private skipped = 0;
  private news = Promise.withResolvers<void>();

  add(server: number, line: string): void {
    if (this.lines.length >= waitingLinesMax || this.length >= waitingLengthMax) {
      this.skipped += 1;
      return;
    }
    this.lines.push([server, line]);
    this.length += line.length;
    this.news.resolve();
  }

  wake(): void {
    this.news.resolve();
  }

  async filled(): Promise<void> {
    await this.news.promise;
  }

  take(): Pick<LogBatch, "lines" | "skipped"> {
    const { lines, skipped } = this;
    this.lines = [];
    this.length = 0;
    this.skipped = 0;
    this.news = Promise.withResolvers();
    return { lines, skipped };
  }
}

function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const timer = setTimeout(end, waitMs);
  // Removed again: this happens twenty times a second for as long as somebody reads.
  signal.addEventListener("abort", end, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  });
}
