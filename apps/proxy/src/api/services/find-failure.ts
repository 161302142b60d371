import { AppError } from "../../app-error.ts";
import type { StoredFailureGroup } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";
import { describeFailures, firstSparklineDay, type FailureGroup } from "./describe-failures.ts";

/** The group of this fingerprint. Throws AppError failure_not_found. */
export async function findFailure(
  context: Pick<ApiContext, "store" | "servers">,
  fingerprint: string,
): Promise<FailureGroup> {
  const nowMs = Date.now();
  const stored = await findStoredFailure(context, { fingerprint, nowMs });
  const [group] = await describeFailures(context, { groups: [stored], nowMs });
  if (group === undefined) throw notFound(fingerprint);
  return group;
}

async function findStoredFailure(
  { store }: Pick<ApiContext, "store">,
  { fingerprint, nowMs }: { readonly fingerprint: string; readonly nowMs: number },
): Promise<StoredFailureGroup> {
  const stored = await store.failures.find(fingerprint, { sinceDay: firstSparklineDay(nowMs) });
  if (stored === undefined) throw notFound(fingerprint);
  return stored;
}

function notFound(fingerprint: string): AppError {
  return new AppError(
    "failure_not_found",
    `No group of failures has the fingerprint ${fingerprint}; GET /api/v1/failures lists those there are.`,
  );
}
