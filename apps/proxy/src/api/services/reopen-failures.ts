import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { decisionBy, reviewFailure } from "./review-failure.ts";

/** Takes an acknowledgement or a snooze back. */
export function reopenFailures(
  context: ApiContext,
  { fingerprint }: { readonly fingerprint: string },
): Promise<FailureGroup> {
  return reviewFailure(context, { fingerprint, action: "reopen-failures", changes: decisionBy(context, "open") });
}
