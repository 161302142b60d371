import type { Bridge } from "../bridge/bridge.ts";
import type { LiveRun } from "./live-run.ts";

/** Quiet for less is between two calls of a client without a session. */
const leastUnusedMs = 5_000;

/** How long nobody has used a ready run's container; undefined while somebody may, and for a run without one. */
export function unusedForMs(
  bridge: Pick<Bridge, "quietForMs" | "sessionCount" | "hasSubscriptions">,
  live: LiveRun | undefined,
): number | undefined {
  const { quietForMs, sessionCount, hasSubscriptions } = bridge;
  const isUsed = sessionCount > 0 || hasSubscriptions || quietForMs < leastUnusedMs;
  return live?.turn.hasRoom === true && !isUsed ? quietForMs : undefined;
}

/** A start that waits for a free place, with somebody waiting for it: a client, or a person who asked for it. */
export function isRoomWanted(live: LiveRun, sessions: number): boolean {
  const { trigger } = live.recorder.record;
  const isAskedFor = trigger === "call" || trigger === "user" || trigger === "stdio";
  return live.turn.isWaitingForRoom && (isAskedFor || sessions > 0);
}
