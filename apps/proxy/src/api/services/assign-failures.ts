import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { reviewFailure } from "./review-failure.ts";

/** Says who looks after a group; an empty name means nobody. */
export function assignFailures(
  context: ApiContext,
  { fingerprint, assignee }: { readonly fingerprint: string; readonly assignee: string },
): Promise<FailureGroup> {
  const detail = assignee === "" ? "to nobody" : `to ${assignee}`;
  const changes = { assignee: assignee === "" ? null : assignee };
  return reviewFailure(context, { fingerprint, action: "assign-failures", changes, detail });
}
