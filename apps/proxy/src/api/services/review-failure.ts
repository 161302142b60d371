import type { AuditEntry, FailureReview } from "../../store/store.ts";
import { audit } from "./audit.ts";
import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { findFailure } from "./find-failure.ts";

export interface FailureAction {
  readonly fingerprint: string;
  readonly action: AuditEntry["action"];
  readonly changes: Partial<FailureReview>;
  /** What the audit says beside the group. */
  readonly detail?: string | undefined;
}

/** What all judgements on a group of failures have in common. Throws AppError failure_not_found. */
export async function reviewFailure(
  context: ApiContext,
  { fingerprint, action, changes, detail }: FailureAction,
): Promise<FailureGroup> {
  const { server, summary, lastRunId } = await findFailure(context, fingerprint);
  await context.store.failures.review(fingerprint, changes);
  const words = [`${summary} (${fingerprint})`, detail].filter((part) => part !== undefined && part !== "");
  await audit(context, { action, server, runId: lastRunId, detail: words.join(" ") });
  return await findFailure(context, fingerprint);
}

/** The columns of a decision that is made now. */
export function decisionBy(
  { actor }: Pick<ApiContext, "actor">,
  decision: FailureReview["decision"],
): Pick<FailureReview, "decision" | "decidedAt" | "decidedBy" | "snoozedUntil"> {
  return { decision, decidedAt: new Date().toISOString(), decidedBy: actor, snoozedUntil: null };
}
