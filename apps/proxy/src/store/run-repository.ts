import { runStates, type RunEngine, type RunRecord } from "@mcpproxy/core/run/run-record";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { findLastEndedRuns, findNeighbours, listRuns } from "./list-runs.ts";
import { changesToColumns, runToColumns, type RunChanges } from "./run-columns.ts";
import { countFacets } from "./run-facets.ts";
import { addRunEvent, listRunEvents } from "./run-events.ts";
import { engineFromRow, runFromRow } from "./run-from-row.ts";
import { loadRunGroups, matchingGroups } from "./run-group.ts";
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
    facets: (filter) => countFacets(prisma, filter),
    neighbours: (runId, filter) => findNeighbours(prisma, { runId, filter }),
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
  const openGroups = await openGroupIds(prisma);
  const rows = await prisma.run.groupBy({
    by: ["engineContext", "engineEndpoint"],
    where: { OR: [{ groupId: { in: openGroups } }, { startedAt: { gte: toStoredTime(since) } }] },
  });
  return rows.flatMap((row) => engineFromRow(row) ?? []);
}

async function listOpenRuns(prisma: PrismaClient): Promise<readonly { run: RunRecord; owner: RunOwner }[]> {
  const rows = await prisma.run.findMany({
    where: { groupId: { in: await openGroupIds(prisma) } },
    orderBy: [{ startedAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    run: runFromRow(row),
    owner: { pid: row.ownerPid, processStartedAt: row.ownerProcessStartedAt },
  }));
}

/** Open runs are few: the index of their groups finds them without reading the others. */
async function openGroupIds(prisma: PrismaClient): Promise<number[]> {
  const groups = matchingGroups(await loadRunGroups(prisma), { state: openStates });
  return groups.map(({ id }) => id);
}
