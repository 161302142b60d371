import type { DurableWrites } from "./durable-writes.ts";
import type { PrismaClient } from "./generated/prisma/client.ts";
import type { ServerListsRepository, StoredServerLists } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

export function createServerListsRepository(prisma: PrismaClient, writes: DurableWrites): ServerListsRepository {
  return {
    put: (lists) => writes.run(() => putLists(prisma, lists)),
    remove: async (server) => void (await writes.run(() => prisma.serverLists.deleteMany({ where: { server } }))),
    async all() {
      const rows = await prisma.serverLists.findMany({ orderBy: { server: "asc" } });
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    },
  };
}

async function putLists(prisma: PrismaClient, { server, at, listsJson }: StoredServerLists): Promise<void> {
  const columns = { listsJson, at: toStoredTime(at) };
  await prisma.serverLists.upsert({ where: { server }, create: { server, ...columns }, update: columns });
}
