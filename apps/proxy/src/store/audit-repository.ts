import { z } from "zod";
import type { DurableWrites } from "./durable-writes.ts";
import type { PrismaClient } from "./generated/prisma/client.ts";
import type { AuditEntryModel } from "./generated/prisma/models/AuditEntry.ts";
import { auditActions, type AuditEntry, type AuditPage, type AuditQuery, type AuditRepository } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const actionSchema = z.enum(auditActions);
const ofActionMax = 500;

export function createAuditRepository(prisma: PrismaClient, writes: DurableWrites): AuditRepository {
  return {
    // What was done was done: a full disk must not make it look refused.
    add: (entry) => writes.run(() => addEntry(prisma, entry)),
    list: (query) => listEntries(prisma, query),
    ofAction: (query) => listEntriesOfAction(prisma, query),
  };
}

async function addEntry(prisma: PrismaClient, entry: Omit<AuditEntry, "id">): Promise<void> {
  await prisma.auditEntry.createMany({ data: [{ ...entry, at: toStoredTime(entry.at) }] });
}

async function listEntries(prisma: PrismaClient, { server, limit, before }: AuditQuery): Promise<AuditPage> {
  const rows = await prisma.auditEntry.findMany({
    where: {
      ...(server === undefined ? {} : { server }),
      ...(before === undefined ? {} : { id: { lt: before } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const entries = rows.slice(0, limit).map(entryFromRow);
  return { entries, nextCursor: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
}

async function listEntriesOfAction(
  prisma: PrismaClient,
  { action, since }: Parameters<AuditRepository["ofAction"]>[0],
): Promise<readonly AuditEntry[]> {
  const rows = await prisma.auditEntry.findMany({
    where: { action, at: { gte: toStoredTime(since) } },
    orderBy: { id: "desc" },
    take: ofActionMax,
  });
  return rows.map(entryFromRow);
}

function entryFromRow(row: AuditEntryModel): AuditEntry {
  return { ...row, at: row.at.toISOString(), action: actionSchema.parse(row.action) };
}
