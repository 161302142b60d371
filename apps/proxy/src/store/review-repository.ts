import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { runNotFoundError } from "./store-error.ts";
import { reviewStates, type ReviewRepository, type RunReview } from "./store.ts";
import { parseStored } from "./stored-json.ts";
import { toStoredTime } from "./stored-value.ts";

const stateSchema = z.enum(reviewStates);

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
  const rows = await prisma.runReview.findMany({ where: { runId: { in: [...runIds] } } });
  return new Map(
    rows.map((row) => {
      const place = { runId: row.runId, column: "review" };
      const state = parseStored({ schema: stateSchema, value: row.state, place });
      return [row.runId, { ...row, state, at: row.at.toISOString() }];
    }),
  );
}
