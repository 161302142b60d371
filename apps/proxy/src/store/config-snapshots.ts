import type { ConfigSnapshot, SnapshotValue } from "@mcpproxy/core/run/config-snapshot";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { parseStoredJson } from "./stored-json.ts";

const valueSchema: z.ZodType<SnapshotValue> = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const valuesSchema = z.record(z.string(), valueSchema);

export async function addConfigSnapshot(prisma: PrismaClient, { hash, values }: ConfigSnapshot): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO "ConfigSnapshot" ("hash", "json") VALUES (${hash}, ${JSON.stringify(values)}) ON CONFLICT DO NOTHING`;
}

export async function findConfigSnapshot(prisma: PrismaClient, hash: string): Promise<ConfigSnapshot | undefined> {
  const row = await prisma.configSnapshot.findUnique({ where: { hash } });
  if (row === null) return undefined;
  const place = { runId: `of config ${hash}`, column: "config snapshot" };
  return { hash, values: parseStoredJson({ schema: valuesSchema, text: row.json, place }) };
}

/** After runs were deleted: snapshots that none of the others was started from. */
export async function deleteUnusedSnapshots(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw(unusedSnapshotsSql());
}

export function unusedSnapshotsSql(): Prisma.Sql {
  return Prisma.sql`DELETE FROM "ConfigSnapshot"
    WHERE NOT EXISTS (SELECT 1 FROM "Run" WHERE "Run"."configHash" = "ConfigSnapshot"."hash")`;
}
