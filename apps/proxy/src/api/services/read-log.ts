import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { logLineTest, type LogLineFilter } from "../../logs/server-log-line.ts";
import type { ApiContext } from "./context.ts";
import { findServer } from "./find-server.ts";

/** Enough for the megabyte of each file that is read at most. */
const searchedLinesMax = 100_000;
/** A reader further behind misses lines, and is told how many. */
const waitingLinesMax = 5_000;

export interface LogRequest extends LogLineFilter {
  readonly name: string;
  /** The last so many of those that pass. */
  readonly lines: number;
}

/** The end of a server's log, oldest line first. */
export async function readLog(context: ApiContext, { name, lines, ...filter }: LogRequest): Promise<readonly string[]> {
  const log = context.servers.log(findServer(context, name).name);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const found = await log.tail(isFiltered ? searchedLinesMax : lines);
  return found.filter(logLineTest(filter)).slice(-lines);
}

/** The same and then every new line, until the signal, or with `endOfRun` until that run's end. */
export async function* followLog(
  context: ApiContext,
  request: LogRequest & { readonly signal: AbortSignal; readonly endOfRun?: Pick<RunRecord, "id"> | undefined },
): AsyncGenerator<string, void, undefined> {
  const { name, lines, signal, endOfRun, ...filter } = request;
  const isWanted = logLineTest(filter);
  const waiting: string[] = [];
  let skipped = 0;
  let news = Promise.withResolvers<void>();
  const log = context.servers.log(findServer(context, name).name);
  const { lines: tail, stop } = await log.tailAndFollow(searchedLinesMax, (line) => {
    if (waiting.length < waitingLinesMax) waiting.push(line);
    else skipped += 1;
    news.resolve();
  });
  const onAbort = (): void => news.resolve();
  signal.addEventListener("abort", onAbort);
  const isLast = (line: string): boolean => endOfRun !== undefined && line.includes(` Run ${endOfRun.id} ended: `);
  try {
    yield* tail.filter(isWanted).slice(-lines);
    if (tail.some(isLast)) return;
    for (;;) {
      const line = waiting.shift();
      if (line !== undefined && isWanted(line)) yield line;
      if (signal.aborted || (line !== undefined && isLast(line))) return;
      if (line !== undefined) continue;
      if (skipped > 0) yield `${skipped} lines were skipped: they came faster than they were read.`;
      skipped = 0;
      await news.promise;
      news = Promise.withResolvers<void>();
    }
  } finally {
    stop();
    signal.removeEventListener("abort", onAbort);
  }
}
