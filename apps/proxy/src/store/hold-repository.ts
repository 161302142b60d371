import { z } from "zod";
import type { DurableWrites } from "./durable-writes.ts";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { StoreError } from "./store-error.ts";
import { holdKinds, type HoldRepository, type ServerHold } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const kindSchema = z.enum(holdKinds);

export function createHoldRepository(prisma: PrismaClient, writes: DurableWrites): HoldRepository {
  return {
    put: (hold) => writes.run(() => putHold(prisma, hold)),
    remove: async (server) => void (await writes.run(() => prisma.serverHold.deleteMany({ where: { server } }))),
    all: () => listHolds(prisma),
  };
}

async function putHold(prisma: PrismaClient, { server, at, ...rest }: ServerHold): Promise<void> {
  const columns = { ...rest, at: toStoredTime(at) };
  await prisma.serverHold.upsert({ where: { server }, create: { server, ...columns }, update: columns });
}

async function listHolds(prisma: PrismaClient): Promise<readonly ServerHold[]> {
  const rows = await prisma.serverHold.findMany({ orderBy: { server: "asc" } });
  return rows.map((row) => ({ ...row, kind: parseKind(row.server, row.kind), at: row.at.toISOString() }));
}

function parseKind(server: string, kind: string): ServerHold["kind"] {
  const parsed = kindSchema.safeParse(kind);
  if (parsed.success) return parsed.data;
  const message = `The stored hold of server "${server}" cannot be read: the history was changed by something else.`;
  throw new StoreError({ code: "stored_data_invalid", message, cause: parsed.error });
}
