import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { AppError } from "../../app-error.ts";
import type { RunReview } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";

/** A run with what people said about it. */
export type ReviewedRun = RunRecord & { readonly review: RunReview | null };

/** The run of this id. Throws AppError run_not_found. */
export async function findRun(context: ApiContext, id: string): Promise<RunRecord> {
  const run = context.servers.liveRun(id) ?? (await context.store.runs.find(id));
  if (run === undefined) throw new AppError("run_not_found", `No run has the id ${id}.`);
  return run;
}

/** The same with its review. */
export async function findReviewedRun(context: ApiContext, id: string): Promise<ReviewedRun> {
  const run = await findRun(context, id);
  const reviews = await context.store.reviews.of([id]);
  return { ...run, review: reviews.get(id) ?? null };
}
