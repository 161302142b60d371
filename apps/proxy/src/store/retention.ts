import { z } from "zod";
import { findRunIds } from "./find-run-ids.ts";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { countFacets } from "./run-facets.ts";
import { positionAt } from "./run-scan.ts";
import { findUnthinnedRuns, thinRunSamples } from "./run-samples.ts";
import type { PruneReport, Retention, RetentionPolicy } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

/** With all that hangs on them, some milliseconds of work. */
const batchRuns = 200;
const vacuumPages = 500;

/** Runs SQL that is no single statement to the driver, which would leave it half done. */
type RunScript = (sql: string) => Promise<void>;

export function createRetention(prisma: PrismaClient, runScript: RunScript): Retention {
  return {
    plan: (policy) => planPrune(prisma, policy),
    prune: async (policy, signal) => {
      const plan = await planPrune(prisma, policy);
      if (plan.before === null) return plan;
      const isWhole = await deleteRuns(prisma, { before: plan.before, signal });
      if (!isWhole) return plan;
      await deleteSideRows(prisma, policy);
      await giveBackSpace(prisma, runScript);
      return { ...plan, bytesAfter: await databaseBytes(prisma) };
    },
    thinLeftovers: () => thinLeftovers(prisma),
  };
}

async function planPrune(prisma: PrismaClient, policy: RetentionPolicy): Promise<PruneReport> {
  const before = await findCutoff(prisma, policy);
  const bytesBefore = await databaseBytes(prisma);
  const { total } = await countFacets(prisma, {});
  if (before === undefined) {
    const nothing = { runs: 0, runsByServer: [], auditEntries: 0, outages: 0 };
    return { before: null, ...nothing, runsKept: total, bytesBefore, bytesAfter: bytesBefore };
  }
  const gone = await countFacets(prisma, { to: before, state: "ended" });
  return {
    before,
    runs: gone.total,
    runsByServer: gone.server,
    runsKept: total - gone.total,
    ...(await countSideRows(prisma, policy)),
    bytesBefore,
    bytesAfter: bytesBefore,
  };
}

/** The start of the oldest run that stays. */
async function findCutoff(prisma: PrismaClient, { before, maxRuns }: RetentionPolicy): Promise<string | undefined> {
  const byAge = before === undefined ? [] : [toStoredTime(before).getTime()];
  const bySize = maxRuns === undefined ? [] : await startOfNewest(prisma, maxRuns);
  const cutoffMs = Math.max(...byAge, ...bySize);
  return Number.isFinite(cutoffMs) ? new Date(cutoffMs).toISOString() : undefined;
}

async function startOfNewest(prisma: PrismaClient, maxRuns: number): Promise<readonly number[]> {
  const position = await positionAt(prisma, {
    range: { filter: {}, direction: "older" },
    offset: Math.max(0, maxRuns - 1),
  });
  return position === undefined ? [] : [position.startedAtMs];
}

/** False when the signal came before the end. */
async function deleteRuns(
  prisma: PrismaClient,
  { before, signal }: { readonly before: string; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const filter = { to: before, state: "ended" } as const;
  while (signal?.aborted !== true) {
    // Oldest first: what is interrupted has only begun at the right end.
    const ids = await findRunIds(prisma, { filter, direction: "newer", limit: batchRuns });
    if (ids.length === 0) return true;
    await prisma.run.deleteMany({ where: { id: { in: [...ids] } } });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

/** Audit entries and outages go by age alone: there are few, and no number of runs makes them old. */
async function deleteSideRows(prisma: PrismaClient, { before }: RetentionPolicy): Promise<void> {
  if (before === undefined) return;
  const time = toStoredTime(before);
  await prisma.auditEntry.deleteMany({ where: { at: { lt: time } } });
  await prisma.engineOutage.deleteMany({ where: { to: { lt: time } } });
}

async function countSideRows(
  prisma: PrismaClient,
  { before }: RetentionPolicy,
): Promise<Pick<PruneReport, "auditEntries" | "outages">> {
  if (before === undefined) return { auditEntries: 0, outages: 0 };
  const time = toStoredTime(before);
  return {
    auditEntries: await prisma.auditEntry.count({ where: { at: { lt: time } } }),
    outages: await prisma.engineOutage.count({ where: { to: { lt: time } } }),
  };
}

/** A few pages at a time. Databases of earlier versions keep their free pages for new runs: only a full VACUUM would help. */
async function giveBackSpace(prisma: PrismaClient, runScript: RunScript): Promise<void> {
  for (;;) {
    const before = await readPragma(prisma, "freelist_count");
    if (before === 0) break;
    await runScript(`PRAGMA incremental_vacuum(${vacuumPages})`);
    if ((await readPragma(prisma, "freelist_count")) === before) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await runScript("PRAGMA wal_checkpoint(PASSIVE)");
}

async function databaseBytes(prisma: PrismaClient): Promise<number> {
  return (await readPragma(prisma, "page_count")) * (await readPragma(prisma, "page_size"));
}

async function readPragma(prisma: PrismaClient, name: "page_count" | "page_size" | "freelist_count"): Promise<number> {
  const rows = z
    .array(z.record(z.string(), z.coerce.number()))
    .parse(await prisma.$queryRaw(Prisma.raw(`PRAGMA ${name}`)));
  return rows[0]?.[name] ?? 0;
}

async function thinLeftovers(prisma: PrismaClient): Promise<number> {
  const ids = await findUnthinnedRuns(prisma);
  for (const id of ids) await thinRunSamples(prisma, id);
  return ids.length;
}
