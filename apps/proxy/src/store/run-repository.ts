import { runStates, type RunEngine, type RunRecord } from "@mcpproxy/core/run/run-record";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { findLastEndedRuns, listRuns } from "./list-runs.ts";
import { changesToColumns, runToColumns, type RunChanges } from "./run-columns.ts";
import { addRunEvent, listRunEvents } from "./run-events.ts";
import { engineFromRow, runFromRow } from "./run-from-row.ts";
import { listRunIntents, recordRunIntent } from "./run-intents.ts";
import { addRunSamples, listRunSamples } from "./run-samples.ts";
import { runNotFoundError } from "./store-error.ts";
import type { RunOwner, RunRepository } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

const openStates = runStates.filter((state) => state !== "ended");

/** The tables around runs behind the port. */
export function createRunRepository(prisma: PrismaClient): RunRepository {
  return {
    create: (run, owner) => createRun({ prisma, run, owner }),
    update: (runId, changes) => updateRun({ prisma, runId, changes }),
    recordIntent: (runId, intent) => recordRunIntent({ prisma, runId, intent }),
    intents: (runId) => listRunIntents(prisma, runId),
    addEvent: (event) => addRunEvent(prisma, event),
    events: (runId) => listRunEvents(prisma, runId),
    addSamples: (samples) => addRunSamples(prisma, samples),
    samples: (runId) => listRunSamples(prisma, runId),
    find: (runId) => findRun(prisma, runId),
    list: (query) => listRuns(prisma, query),
    lastEnded: () => findLastEndedRuns(prisma),
    engines: (since) => listRunEngines(prisma, since),
    open: () => listOpenRuns(prisma),
  };
}

async function createRun(input: { prisma: PrismaClient; run: RunRecord; owner: RunOwner }): Promise<void> {
  // createMany, because create reads the whole row back.
  await input.prisma.run.createMany({ data: [runToColumns(input.run, input.owner)] });
}

async function updateRun(input: { prisma: PrismaClient; runId: string; changes: RunChanges }): Promise<void> {
  const data = changesToColumns(input.changes);
  if (Object.keys(data).length === 0) return;
  const { count } = await input.prisma.run.updateMany({ where: { id: input.runId }, data });
  if (count === 0) throw runNotFoundError(input.runId);
}

async function findRun(prisma: PrismaClient, runId: string): Promise<RunRecord | undefined> {
  const row = await prisma.run.findUnique({ where: { id: runId } });
  return row === null ? undefined : runFromRow(row);
}

async function listRunEngines(prisma: PrismaClient, since: string): Promise<readonly RunEngine[]> {
  const rows = await prisma.run.groupBy({
    by: ["engineContext", "engineEndpoint"],
    where: { OR: [{ state: { in: openStates } }, { startedAt: { gte: toStoredTime(since) } }] },
  });
  return rows.flatMap((row) => engineFromRow(row) ?? []);
}

async function listOpenRuns(prisma: PrismaClient): Promise<readonly { run: RunRecord; owner: RunOwner }[]> {
  const rows = await prisma.run.findMany({
    where: { state: { in: openStates } },
    orderBy: [{ startedAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    run: runFromRow(row),
    owner: { pid: row.ownerPid, processStartedAt: row.ownerProcessStartedAt },
  }));
}
