import type { RunReview } from "../../store/store.ts";
import { audit } from "./audit.ts";
import type { ApiContext } from "./context.ts";
import { findRun } from "./find-run.ts";

/** Stores a person's judgement on a run. Throws AppError run_not_found. */
export async function reviewRun(
  context: ApiContext,
  { id, state, note }: { readonly id: string; readonly state: RunReview["state"]; readonly note?: string | undefined },
): Promise<RunReview> {
  const { server } = await findRun(context, id);
  const review: RunReview = {
    runId: id,
    state,
    note: note === undefined || note === "" ? null : note,
    actor: context.actor,
    at: new Date().toISOString(),
  };
  await context.store.reviews.put(review);
  const detail = review.note === null ? state : `${state}: ${review.note}`;
  await audit(context, { action: "review", server, runId: id, detail });
  return review;
}
