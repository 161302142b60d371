import { z } from "zod";
import { deleteUnusedSnapshots } from "./config-snapshots.ts";
import { deleteRuns, deleteUnusedSummaries } from "./delete-runs.ts";
import { deleteUnusedFailureGroups } from "./failure-repository.ts";
import { findCutoff } from "./find-cutoff.ts";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import { workInSteps } from "./paced-work.ts";
import { countFacets } from "./run-facets.ts";
import { findUnthinnedRuns, thinRunSamples } from "./run-samples.ts";
import type { PruneReport, Retention, RetentionPolicy } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const firstPages = 200;
const stepPagesMax = 5_000;

/** Runs SQL that is no single statement to the driver, which would leave it half done. */
type RunScript = (sql: string) => Promise<void>;

export function createRetention(prisma: PrismaClient, runScript: RunScript): Retention {
  return {
    plan: (policy) => planPrune(prisma, policy),
    prune: async (policy, signal) => {
      const plan = await planPrune(prisma, policy);
      if (plan.before === null) return plan;
      if (!(await deleteRuns(prisma, { before: plan.before, signal }))) return plan;
      if (plan.runs > 0 && !(await deleteUnusedSummaries(prisma, signal))) return plan;
      await deleteSideRows(prisma, policy);
      await deleteUnusedSnapshots(prisma);
      await deleteUnusedFailureGroups(prisma);
      await giveBackSpace({ prisma, runScript, signal });
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

/** Databases of earlier versions keep their free pages for new runs: only a full VACUUM would help. */
async function giveBackSpace(request: {
  readonly prisma: PrismaClient;
  readonly runScript: RunScript;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { prisma, runScript, signal } = request;
  const step = async (pages: number): Promise<number> => {
    const before = await readPragma(prisma, "freelist_count");
    if (before === 0) return 0;
    await runScript(`PRAGMA incremental_vacuum(${pages})`);
    return (await readPragma(prisma, "freelist_count")) < before ? pages : 0;
  };
  await workInSteps({ first: firstPages, max: stepPagesMax, step, signal });
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
