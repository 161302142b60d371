/** Where a group of failures stands for the people who look after it. */
export const failureStates = ["open", "acknowledged", "snoozed"] as const;
export type FailureState = (typeof failureStates)[number];

export interface FailureStanding {
  readonly state: FailureState;
  /** Open again because it happened again after somebody had acknowledged or snoozed it. */
  readonly hasRecurred: boolean;
}

/**
 * Where a group of failures stands now: it opens by itself when it happens again or when its snooze is over.
 * @param input.snoozedUntil null with "snoozed" means until it happens again
 * @param input.unreviewedRuns runs that nobody judged, alone or with the group
 */
export function failureStanding(input: {
  readonly decision: FailureState | null;
  readonly decidedAt: string | null;
  readonly snoozedUntil: string | null;
  readonly lastSeen: string;
  readonly unreviewedRuns: number;
  readonly nowMs: number;
}): FailureStanding {
  const { decision, decidedAt, snoozedUntil, lastSeen, unreviewedRuns, nowMs } = input;
  const isLater = decidedAt !== null && Date.parse(lastSeen) > Date.parse(decidedAt);
  const isSnoozed = decision === "snoozed" && (snoozedUntil === null ? !isLater : nowMs < Date.parse(snoozedUntil));
  if (isSnoozed) return { state: "snoozed", hasRecurred: false };
  if (unreviewedRuns === 0) return { state: "acknowledged", hasRecurred: false };
  return { state: "open", hasRecurred: isLater && (decision === "acknowledged" || decision === "snoozed") };
}
