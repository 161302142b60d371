import type { DurableWrites } from "./durable-writes.ts";
import type { PrismaClient } from "./generated/prisma/client.ts";
import type { EngineOutage, OutageRepository } from "./store.ts";
import { fromStoredTimeOrNull, toStoredTime } from "./stored-value.ts";

export function createOutageRepository(prisma: PrismaClient, writes: DurableWrites): OutageRepository {
  return {
    begin: (outage) => writes.run(() => beginOutage(prisma, outage)),
    end: (place) => writes.run(() => endOutages(prisma, place)),
    list: (limit) => listOutages(prisma, limit),
  };
}

async function beginOutage(prisma: PrismaClient, outage: Parameters<OutageRepository["begin"]>[0]): Promise<void> {
  const { endpoint } = outage;
  if ((await prisma.engineOutage.count({ where: { endpoint, to: null } })) > 0) return;
  await prisma.engineOutage.createMany({ data: [{ ...outage, from: toStoredTime(outage.from), to: null }] });
}

async function endOutages(prisma: PrismaClient, { endpoint, at }: { endpoint: string; at: string }): Promise<void> {
  for (const { id, from } of await prisma.engineOutage.findMany({ where: { endpoint, to: null } })) {
    const to = toStoredTime(at);
    // The clock was set back meanwhile: none ends before it began.
    await prisma.engineOutage.update({ where: { id }, data: { to: to < from ? from : to } });
  }
}

async function listOutages(prisma: PrismaClient, limit: number): Promise<readonly EngineOutage[]> {
  const rows = await prisma.engineOutage.findMany({ orderBy: { id: "desc" }, take: limit });
  return rows.map((row) => ({ ...row, from: row.from.toISOString(), to: fromStoredTimeOrNull(row.to) }));
}
