import { formatDuration } from "@mcpproxy/core/format/duration";
import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import { sentenceWithRemedy, type NotRunnable } from "./run-failure.ts";

export interface RestingServer {
  readonly state: ServerState;
  readonly lastVerdict: ServerRecord["lastVerdict"];
  /** Until the planned try; left out where the words are shown for longer than they would be true. */
  readonly nextTryInMs?: number | undefined;
  /** In a row. */
  readonly failures: number;
  readonly maxAttempts: number;
}

/** Why a server that keeps failing does not run, and how to go on; undefined in every other state. */
export function restProblem(resting: RestingServer): NotRunnable | undefined {
  const { state, nextTryInMs, failures } = resting;
  if (state === "parked") return { code: "parked", message: parkedMessage(resting), remedy: remedyOf(resting) };
  if (state !== "crash_looping") return undefined;
  const nextTry = nextTryInMs === undefined ? "" : ` Tried again in ${formatDuration(wholeSeconds(nextTryInMs))}.`;
  return {
    code: "crash_looping",
    message: `Failed ${failures} times in a row, last: ${summaryOf(resting)}${nextTry}`,
    remedy: remedyOf(resting),
  };
}

function parkedMessage(resting: RestingServer): string {
  const { failures, maxAttempts } = resting;
  const why = failures >= maxAttempts ? `after ${failures} failures in a row` : "as it would fail in the same way";
  return `${summaryOf(resting)} Not tried again, ${why}.`;
}

function summaryOf({ lastVerdict }: RestingServer): string {
  return lastVerdict?.verdict.summary ?? "The reason is unknown.";
}

function remedyOf({ state, lastVerdict }: RestingServer): string {
  const now = state === "parked" ? "Then start" : "To try now, start";
  const start = `${now} it on the dashboard; a changed config starts it too.`;
  return sentenceWithRemedy("", `${lastVerdict?.verdict.remedy ?? ""} ${start}`);
}

/** "0 ms" would be odd for a try that begins right now. */
function wholeSeconds(durationMs: number): number {
  return Math.max(1, Math.ceil(durationMs / 1_000)) * 1_000;
}
