import type { MemoryUse } from "@mcpproxy/core/verdict/advise-limit";
import { failureKinds } from "@mcpproxy/core/verdict/fingerprint-failure";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import type { ServerExits, ServerHistoryRepository, StripRun } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const memoryKills = ["oom_killed", "oom_likely", "oom_child"];
// A later version may know more kinds.
const verdict = z.enum(verdictKinds).nullable().catch(null);
const textRowsSchema = z.array(z.object({ rows: z.string() }));
const stripsSchema = z.array(z.object({ server: z.string(), rows: z.string() }));
const stripRowsSchema = z.array(z.tuple([z.string(), verdict, z.number(), z.number(), z.number().nullable()]));
const useRowsSchema = z.array(z.tuple([verdict, z.number().nullable(), z.number().nullable(), z.number(), z.number()]));
const exitsSchema = z.array(z.object({ exits: z.number(), memoryKills: z.number(), failures: z.number() }));

export function createServerHistoryRepository(prisma: PrismaClient): ServerHistoryRepository {
  return {
    strips: async (query) => {
      const rows = stripsSchema.parse(await prisma.$queryRaw(stripsSql(query)));
      return new Map(rows.map(({ server, rows: text }) => [server, stripFrom(text)]));
    },
    memoryUses: async (query) => {
      const [row] = textRowsSchema.parse(await prisma.$queryRaw(memoryUsesSql(query)));
      return usesFrom(row?.rows ?? "[]");
    },
    exits: async (query): Promise<ServerExits> => {
      const [row] = exitsSchema.parse(await prisma.$queryRaw(exitsSql(query)));
      return row ?? { exits: 0, memoryKills: 0, failures: 0 };
    },
  };
}

/** Each server's runs as one JSON text. */
export function stripsSql(query: Parameters<ServerHistoryRepository["strips"]>[0]): Prisma.Sql {
  return Prisma.sql`SELECT "value" AS "server", (
      SELECT json_group_array(json_array("id", "verdictKind", "startedAt", "endedAt", "durationMs")) FROM (
        SELECT "id", "verdictKind", "startedAt", "endedAt", "durationMs" FROM "Run"
        WHERE "server" = "value" AND "endedAt" IS NOT NULL ORDER BY "endedAt" DESC, "id" DESC LIMIT ${query.limit})
    ) AS "rows" FROM json_each(${JSON.stringify(query.servers)})`;
}

function stripFrom(text: string): readonly StripRun[] {
  const rows = stripRowsSchema.parse(JSON.parse(text));
  return rows.toReversed().map(([id, kind, startedAtMs, endedAtMs, durationMs]) => ({
    id,
    verdict: kind,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(endedAtMs).toISOString(),
    durationMs,
  }));
}

export function memoryUsesSql(query: Parameters<ServerHistoryRepository["memoryUses"]>[0]): Prisma.Sql {
  const { server, since, limit } = query;
  return Prisma.sql`SELECT json_group_array(
      json_array("verdictKind", "memoryLimitBytes", "peakMemoryBytes", "startedAt", "endedAt")) AS "rows" FROM (
    SELECT "verdictKind", "memoryLimitBytes", "peakMemoryBytes", "startedAt", "endedAt" FROM "Run"
    WHERE "server" = ${server} AND "endedAt" >= ${toStoredTime(since).getTime()}
    ORDER BY "endedAt" DESC, "id" DESC LIMIT ${limit})`;
}

function usesFrom(text: string): readonly MemoryUse[] {
  return useRowsSchema.parse(JSON.parse(text)).map(([kind, limitBytes, peakBytes, startedAtMs, endedAtMs]) => ({
    verdict: kind,
    limitBytes,
    peakBytes,
    startedAtMs,
    endedAtMs,
  }));
}

export function exitsSql(query: Parameters<ServerHistoryRepository["exits"]>[0]): Prisma.Sql {
  const isOf = (kinds: readonly string[]): Prisma.Sql =>
    Prisma.sql`"verdictKind" IN (SELECT "value" FROM json_each(${JSON.stringify(kinds)}))`;
  return Prisma.sql`SELECT CAST(count(*) AS INTEGER) AS "exits",
      CAST(count(*) FILTER (WHERE ${isOf(memoryKills)}) AS INTEGER) AS "memoryKills",
      CAST(count(*) FILTER (WHERE ${isOf(failureKinds)}) AS INTEGER) AS "failures"
    FROM "Run" WHERE "server" = ${query.server} AND "endedAt" >= ${toStoredTime(query.from).getTime()}
      AND "endedAt" < ${toStoredTime(query.to).getTime()}`;
}
