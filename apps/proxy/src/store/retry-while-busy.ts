import { setTimeout as delay } from "node:timers/promises";
import { LibsqlError } from "@libsql/client/sqlite3";

export const busyTimeoutMs = 5000;
const retryAfterMs = 20;
const sqliteBusy = 5;
const primaryCodeMask = 0xff;

/** Tries again while another connection holds the lock, for as long as the busy timeout, without blocking the process. */
export async function retryWhileBusy<Result>(action: () => Promise<Result>): Promise<Result> {
  const deadlineMs = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadlineMs) throw error;
      await delay(retryAfterMs);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof LibsqlError && ((error.rawCode ?? 0) & primaryCodeMask) === sqliteBusy;
}
