import type { ServerSpec } from "./server-spec.ts";
import { changeForRunning, type SpecChange } from "./spec-change.ts";

/** How a server stands when its new configuration comes. */
export interface Standing {
  readonly hasRun: boolean;
  /** It failed and was not started since. */
  readonly hasFailed: boolean;
  /** It would run, if its engine were there. */
  readonly waitsForEngine: boolean;
}

export type SpecReaction =
  /** A run may go on as it is; a lazy server that is eager now starts. */
  | { readonly kind: "take-over"; readonly startsWhenEager: boolean }
  /** A run is stopped for the change, when there is one; what waited or failed has a new chance. */
  | { readonly kind: "renew"; readonly change: SpecChange | undefined; readonly startsWhenWanted: boolean };

/** What a new configuration means for a server. */
export function reactionTo({
  before,
  after,
  standing,
}: {
  readonly before: ServerSpec;
  readonly after: ServerSpec;
  readonly standing: Standing;
}): SpecReaction {
  const { hasRun, waitsForEngine } = standing;
  const change = changeForRunning(before, after);
  // One that failed and was not started since may have been waiting for exactly this change.
  const hasFailed = !hasRun && standing.hasFailed;
  const { start, scope } = before.supervision;
  if (change === undefined && !hasFailed) return { kind: "take-over", startsWhenEager: start === "lazy" };
  const wasWaiting = hasFailed || waitsForEngine || before.plan.kind === "refused";
  return { kind: "renew", change, startsWhenWanted: wasWaiting || scope === "session" };
}
