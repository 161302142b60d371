import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { readRuns } from "./read-runs.ts";
import { failureDecisions, type FailureRepository, type FailureReview, type StoredFailureGroup } from "./store.ts";
import { toStoredTime, toStoredTimeOrNull } from "./stored-value.ts";

const groupsMax = 500;
/** Nobody needs to know how many more. */
const unreviewedMax = 100;

const time = z.number().transform((value) => new Date(value).toISOString());
const daysSchema = z
  .array(z.tuple([z.number(), z.number()]))
  .transform((rows) => rows.map(([day, runs]) => ({ day, runs })));
const groupsSchema = z.array(
  z.object({
    fingerprint: z.string(),
    server: z.string(),
    verdict: z.enum(verdictKinds),
    exitCode: z.number().nullable(),
    line: z.string(),
    decision: z.enum(failureDecisions).nullable(),
    decidedAt: time.nullable(),
    decidedBy: z.string().nullable(),
    snoozedUntil: time.nullable(),
    note: z.string().nullable(),
    assignee: z.string().nullable(),
    firstSeen: time,
    lastSeen: time,
    lastRunId: z.string(),
    runs: z.number(),
    callsAffected: z.number(),
    unreviewedRuns: z.number(),
    days: daysSchema,
  }),
);
const textRowsSchema = z.array(z.object({ group: z.string() }));
const idRowsSchema = z.array(z.object({ id: z.string() }));
const countsSchema = z.array(z.object({ value: z.string(), runs: z.number() }));

/** Groups of runs that failed in the same way: counted from tallies, a few index lookups for each group. */
export function createFailureRepository(prisma: PrismaClient): FailureRepository {
  return {
    list: ({ sinceDay }) => readGroups(prisma, failureGroupsSql({ sinceDay })),
    find: async (fingerprint, { sinceDay }) =>
      (await readGroups(prisma, failureGroupsSql({ sinceDay, fingerprint })))[0],
    runs: async (fingerprint, limit) => {
      const ids = idRowsSchema.parse(await prisma.$queryRaw(failureRunsSql(fingerprint, limit)));
      return await readRuns(prisma, { ids: ids.map(({ id }) => id), detail: "row" });
    },
    runsById: (ids) => readRuns(prisma, { ids, detail: "row" }),
    review: (fingerprint, changes) => reviewGroup(prisma, { fingerprint, changes }),
    countSince: async (since) => countsSchema.parse(await prisma.$queryRaw(countFailuresSql(since))),
  };
}

/** After runs were deleted: groups that have none any more. */
export async function deleteUnusedFailureGroups(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`DELETE FROM "FailureGroup"
    WHERE NOT EXISTS (SELECT 1 FROM "FailureTally" WHERE "FailureTally"."fingerprint" = "FailureGroup"."fingerprint")`;
}

async function readGroups(prisma: PrismaClient, sql: Prisma.Sql): Promise<readonly StoredFailureGroup[]> {
  const rows = textRowsSchema.parse(await prisma.$queryRaw(sql));
  return groupsSchema.parse(rows.map(({ group }) => JSON.parse(group)));
}

async function reviewGroup(
  prisma: PrismaClient,
  { fingerprint, changes }: { readonly fingerprint: string; readonly changes: Partial<FailureReview> },
): Promise<void> {
  const { decidedAt, snoozedUntil, ...texts } = changes;
  const data = {
    ...texts,
    ...(decidedAt === undefined ? {} : { decidedAt: toStoredTimeOrNull(decidedAt) }),
    ...(snoozedUntil === undefined ? {} : { snoozedUntil: toStoredTimeOrNull(snoozedUntil) }),
  };
  await prisma.failureGroup.updateMany({ where: { fingerprint }, data });
}

/** Each group as one JSON text, because the driver takes long for each column. */
export function failureGroupsSql(query: { readonly sinceDay: number; readonly fingerprint?: string }): Prisma.Sql {
  const { sinceDay, fingerprint } = query;
  const which = fingerprint === undefined ? Prisma.sql`1 = 1` : Prisma.sql`"fingerprint" = ${fingerprint}`;
  return Prisma.sql`
    WITH "sums" AS MATERIALIZED (
      SELECT "fingerprint", CAST(sum("runs") AS INTEGER) AS "runs", CAST(sum("calls") AS INTEGER) AS "calls"
      FROM "FailureTally" WHERE ${which} GROUP BY "fingerprint"
    ), "newest" AS MATERIALIZED (
      SELECT "sums".*, (
        SELECT "endedAt" FROM "Run" WHERE "Run"."fingerprint" = "sums"."fingerprint" ORDER BY "endedAt" DESC LIMIT 1
      ) AS "lastSeen" FROM "sums" ORDER BY "lastSeen" DESC LIMIT ${groupsMax}
    )
    SELECT json_object(
      'fingerprint', "FailureGroup"."fingerprint", 'server', "server", 'verdict', "verdictKind", 'exitCode', "exitCode",
      'line', "line", 'decision', "decision", 'decidedAt', "decidedAt", 'decidedBy', "decidedBy",
      'snoozedUntil', "snoozedUntil", 'note', "note", 'assignee', "assignee",
      'runs', "newest"."runs", 'callsAffected', "newest"."calls", 'lastSeen', "newest"."lastSeen",
      'firstSeen', (${endOfGroup("endedAt", "ASC")}), 'lastRunId', (${endOfGroup("id", "DESC")}),
      'unreviewedRuns', (${unreviewedSql}) + (${reopenedSql}),
      'days', json((SELECT json_group_array(json_array("day", "FailureTally"."runs")) FROM "FailureTally"
        WHERE "FailureTally"."fingerprint" = "FailureGroup"."fingerprint" AND "day" >= ${sinceDay}))
    ) AS "group"
    FROM "newest" CROSS JOIN "FailureGroup" ON "FailureGroup"."fingerprint" = "newest"."fingerprint"
    WHERE "newest"."lastSeen" IS NOT NULL ORDER BY "newest"."lastSeen" DESC`;
}

function endOfGroup(column: "id" | "endedAt", order: "ASC" | "DESC"): Prisma.Sql {
  const direction = Prisma.raw(order);
  return Prisma.sql`SELECT ${Prisma.raw(`"${column}"`)} FROM "Run" WHERE "Run"."fingerprint" = "FailureGroup"."fingerprint"
    ORDER BY "endedAt" ${direction}, "id" ${direction} LIMIT 1`;
}

/** Acknowledging a group acknowledges its runs up to then. */
const acknowledgedUntil = Prisma.sql`CASE WHEN "decision" = 'acknowledged' THEN "decidedAt" ELSE -1 END`;

/** Runs after the group's acknowledgement that have none of their own, or one that opening the group took back. */
const unreviewedSql = Prisma.sql`SELECT count(*) FROM (
  SELECT 1 FROM "Run" LEFT JOIN "RunReview" ON "RunReview"."runId" = "Run"."id"
  WHERE "Run"."fingerprint" = "FailureGroup"."fingerprint" AND "endedAt" > ${acknowledgedUntil}
    AND (ifnull("RunReview"."state", 'open') = 'open' OR ("FailureGroup"."decision" = 'open' AND "RunReview"."at" < "decidedAt"))
  LIMIT ${unreviewedMax})`;

/** Runs that somebody opened again after the group's acknowledgement. */
const reopenedSql = Prisma.sql`SELECT count(*) FROM "RunReview" CROSS JOIN "Run" ON "Run"."id" = "RunReview"."runId"
  WHERE "FailureGroup"."decision" = 'acknowledged' AND "RunReview"."state" = 'open' AND "RunReview"."at" > "decidedAt"
    AND "Run"."fingerprint" = "FailureGroup"."fingerprint" AND "endedAt" <= "decidedAt"`;

export function failureRunsSql(fingerprint: string, limit: number): Prisma.Sql {
  return Prisma.sql`SELECT "id" FROM "Run" WHERE "fingerprint" = ${fingerprint}
    ORDER BY "endedAt" DESC, "id" DESC LIMIT ${limit}`;
}

export function countFailuresSql(since: string): Prisma.Sql {
  return Prisma.sql`SELECT "verdictKind" AS "value", CAST(sum("counted") AS INTEGER) AS "runs" FROM (
      SELECT "FailureGroup"."verdictKind", (
        SELECT count(*) FROM "Run"
        WHERE "Run"."fingerprint" = "FailureGroup"."fingerprint" AND "endedAt" >= ${toStoredTime(since).getTime()}
      ) AS "counted" FROM "FailureGroup")
    WHERE "counted" > 0 GROUP BY "verdictKind" ORDER BY "runs" DESC, "verdictKind"`;
}
