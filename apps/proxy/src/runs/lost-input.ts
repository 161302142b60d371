import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { WorkloadEnd } from "../engine/engine.ts";
import type { Clock } from "./clock.ts";
import { policyIntent } from "./policy-intent.ts";

/** The end comes a moment after the loss, and the events are back as soon. */
const aroundMs = 2_000;

/**
 * Why a server ended in order around a gap of the engine's events; undefined when that was its own idea. The gap means
 * that the connections to the engine were cut, and its input was one of them: it did what it should and is started again.
 */
export function lostInputIntent(
  end: Pick<WorkloadEnd, "eventGap" | "exitCode" | "endedAt"> | undefined,
  clock: Pick<Clock, "timestamp">,
): StopIntent | undefined {
  if (end?.eventGap === undefined || end.exitCode !== 0) return undefined;
  const { from, to } = end.eventGap;
  const endedMs = Date.parse(end.endedAt);
  if (endedMs < Date.parse(from) - aroundMs || endedMs > Date.parse(to) + aroundMs) return undefined;
  const detail = "the connection to Docker was cut, and with it the server's input";
  return policyIntent(clock, { policy: "cut_off", detail });
}
