import type { AfterEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { ServerEvent } from "@mcpproxy/core/supervision/server-machine";

/** What the end of a run means for the state of its server. */
export function eventAfter(next: AfterEnd): ServerEvent {
  switch (next.kind) {
    case "rest":
      return "ended";
    case "idle":
      return "ended-idle";
    case "retry":
      return next.isCrashLoop ? "failed-repeatedly" : "failed";
    case "park":
      return "given-up";
    default:
      return next satisfies never;
  }
}
