import { setTimeout as delay } from "node:timers/promises";
import { LibsqlError } from "@libsql/client/sqlite3";

export const busyTimeoutMs = 5000;
const retryAfterMs = 20;
/** SQLITE_BUSY of another connection, SQLITE_LOCKED of another statement. */
const busyCodes: ReadonlySet<number> = new Set([5, 6]);
const primaryCodeMask = 0xff;

/** Tries again while another connection holds the lock, for as long as the busy timeout, without blocking the process. */
export async function retryWhileBusy<Result>(action: () => Promise<Result>, waitMs = busyTimeoutMs): Promise<Result> {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!isBusyError(error) || performance.now() > deadlineMs) throw error;
      await delay(retryAfterMs);
    }
  }
}

/** True when someone else holds the lock, or the connection, that the statement needed. */
export function isBusyError(error: unknown): boolean {
  if (!(error instanceof LibsqlError)) return false;
  return error.code === "TRANSACTION_ACTIVE" || busyCodes.has((error.rawCode ?? 0) & primaryCodeMask);
}
