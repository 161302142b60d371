import type { ApiContext } from "./context.ts";
import type { FailureGroup } from "./describe-failures.ts";
import { reviewFailure } from "./review-failure.ts";

/** Replaces the note on a group; an empty one removes it. */
export function noteFailures(
  context: ApiContext,
  { fingerprint, note }: { readonly fingerprint: string; readonly note: string },
): Promise<FailureGroup> {
  const changes = { note: note === "" ? null : note };
  return reviewFailure(context, { fingerprint, action: "note-failures", changes, detail: note });
}
