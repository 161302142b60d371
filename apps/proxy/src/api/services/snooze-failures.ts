import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { decisionBy, reviewFailure } from "./review-failure.ts";

const dayMs = 86_400_000;

/** How long a group may be left alone; "next" is until it happens again. */
export const snoozeTimes = ["1d", "7d", "next"] as const;
export type SnoozeTime = (typeof snoozeTimes)[number];
const snoozeMs = { "1d": dayMs, "7d": 7 * dayMs } as const;

/** Leaves a group alone for a time, or until it happens again. */
export function snoozeFailures(
  context: ApiContext,
  { fingerprint, time }: { readonly fingerprint: string; readonly time: SnoozeTime },
): Promise<FailureGroup> {
  const snoozedUntil = time === "next" ? null : new Date(Date.now() + snoozeMs[time]).toISOString();
  const changes = { ...decisionBy(context, "snoozed"), snoozedUntil };
  const detail = snoozedUntil === null ? "until the next run" : `until ${snoozedUntil}`;
  return reviewFailure(context, { fingerprint, action: "snooze-failures", changes, detail });
}
