import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { runNotFoundError } from "./store-error.ts";
import { reviewStates, type ReviewRepository, type RunReview } from "./store.ts";
import { parseStored } from "./stored-json.ts";
import { toStoredTime } from "./stored-value.ts";

const stateSchema = z.enum(reviewStates);
const groupReviewsSchema = z.array(
  z.object({
    runId: z.string(),
    atMs: z.number(),
    actor: z.string(),
    state: stateSchema,
    note: z.string().nullable(),
  }),
);

export function createReviewRepository(prisma: PrismaClient): ReviewRepository {
  return {
    put: (review) => putReview(prisma, review),
    of: (runIds) => findReviews(prisma, runIds),
  };
}

async function putReview(prisma: PrismaClient, { runId, at, ...judgement }: RunReview): Promise<void> {
  if ((await prisma.run.count({ where: { id: runId } })) === 0) throw runNotFoundError(runId);
  const columns = { ...judgement, at: toStoredTime(at) };
  await prisma.runReview.upsert({ where: { runId }, create: { runId, ...columns }, update: columns });
}

async function findReviews(prisma: PrismaClient, runIds: readonly string[]): Promise<ReadonlyMap<string, RunReview>> {
  if (runIds.length === 0) return new Map();
  const byGroup = await findGroupReviews(prisma, runIds);
  const own = await findOwnReviews(prisma, runIds);
  // The later word counts.
  const later = [...own].filter(([runId, review]) => review.at >= (byGroup.get(runId)?.at ?? ""));
  return new Map([...byGroup, ...later]);
}

/** Who acknowledges a group, or opens it again, says so of its runs up to then. */
async function findGroupReviews(
  prisma: PrismaClient,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunReview>> {
  const rows = groupReviewsSchema.parse(
    await prisma.$queryRaw`
    SELECT "Run"."id" AS "runId", CAST("decidedAt" AS INTEGER) AS "atMs", "decidedBy" AS "actor", "decision" AS "state", "note" FROM "Run"
    CROSS JOIN "FailureGroup" ON "FailureGroup"."fingerprint" = "Run"."fingerprint"
    WHERE "Run"."id" IN (SELECT "value" FROM json_each(${JSON.stringify(runIds)}))
      AND "decision" IN ('acknowledged', 'open') AND "endedAt" <= "decidedAt"`,
  );
  return new Map(
    rows.map(({ runId, atMs, ...judgement }) => [runId, { runId, ...judgement, at: new Date(atMs).toISOString() }]),
  );
}

async function findOwnReviews(
  prisma: PrismaClient,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunReview>> {
  const rows = await prisma.runReview.findMany({ where: { runId: { in: [...runIds] } } });
  return new Map(
    rows.map((row) => {
      const place = { runId: row.runId, column: "review" };
      const state = parseStored({ schema: stateSchema, value: row.state, place });
      return [row.runId, { ...row, state, at: row.at.toISOString() }];
    }),
  );
}
