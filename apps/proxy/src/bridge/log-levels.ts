import { z } from "zod";
import { spanString, type NotificationMessage } from "./scan-message.ts";
import type { BridgeParts } from "./server-side.ts";
import type { Session } from "./session.ts";

/** A `logging/setLevel` request. */
export const setLevelSchema = z.object({ params: z.object({ level: z.string() }) });

/** Least severe first; https://datatracker.ietf.org/doc/html/rfc5424#section-6.2.1 */
export const logLevels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;

/** Where a level stands; -1 for none that is known. */
export function severityOf(level: string | undefined): number {
  return logLevels.findIndex((known) => known === level);
}

/** Whether a client that asked for a level wants this log message. What has no known level passes. */
export function wantsLogMessage(level: string | undefined, { bytes, level: span }: NotificationMessage): boolean {
  const severity = severityOf(spanString(bytes, span));
  return severity === -1 || severity >= severityOf(level);
}

/** Less severe, and known. */
export function isBelow(level: string | undefined, other: string): boolean {
  const severity = severityOf(level);
  return severity !== -1 && severity < severityOf(other);
}

/**
 * Logging during the calls of one session belongs to it, and while several are busy to nobody: it may hold what one
 * of them asked. A request of the modern era gets it in its own answer, and only when it asked for it.
 */
export function deliverLogMessage({ calls, sessions }: BridgeParts, message: NotificationMessage): void {
  const busy = calls.onlyBusySession(() => true);
  if ("call" in busy) {
    const { session, sink } = busy.call;
    if (session.era === "legacy") deliverTo(session, message);
    else if (session.loggingLevel !== undefined && wantsLogMessage(session.loggingLevel, message))
      sink.onMessage(message.bytes);
  } else if (busy.sessions === 0) for (const session of sessions) deliverTo(session, message);
}

function deliverTo(session: Session, message: NotificationMessage): void {
  if (wantsLogMessage(session.loggingLevel, message)) session.deliver(message.bytes);
}
