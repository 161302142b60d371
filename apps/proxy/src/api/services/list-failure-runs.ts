import type { ApiContext } from "./context.ts";
import { findFailure } from "./find-failure.ts";
import type { ReviewedRun } from "./find-run.ts";

/** The newest runs of a group of failures, without stderr tails. Throws AppError failure_not_found. */
export async function listFailureRuns(
  context: ApiContext,
  { fingerprint, limit }: { readonly fingerprint: string; readonly limit: number },
): Promise<readonly ReviewedRun[]> {
  await findFailure(context, fingerprint);
  const runs = await context.store.failures.runs(fingerprint, limit);
  const reviews = await context.store.reviews.of(runs.map(({ id }) => id));
  return runs.map((run) => ({ ...run, review: reviews.get(run.id) ?? null }));
}
