import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { decisionBy, reviewFailure } from "./review-failure.ts";

/** Says of all runs of a group up to now that somebody has seen to them; the next one opens the group again. */
export function acknowledgeFailures(
  context: ApiContext,
  { fingerprint, note }: { readonly fingerprint: string; readonly note?: string | undefined },
): Promise<FailureGroup> {
  const changes = { ...decisionBy(context, "acknowledged"), ...(note === undefined || note === "" ? {} : { note }) };
  return reviewFailure(context, { fingerprint, action: "acknowledge-failures", changes, detail: note });
}
