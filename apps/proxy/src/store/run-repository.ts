import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { addConfigSnapshot, findConfigSnapshot } from "./config-snapshots.ts";
import { findLastEndedRuns, findNeighbours, listRuns } from "./list-runs.ts";
import { changesToColumns, runToColumns, type RunChanges } from "./run-columns.ts";
import type { BackgroundWork } from "./background-work.ts";
import type { DurableWrites } from "./durable-writes.ts";
import { countFacets } from "./run-facets.ts";
import { addRunEvent, listRunEvents } from "./run-events.ts";
import { findOpenGroupIds, findRunEngines } from "./run-engines.ts";
import { countHistogram } from "./run-histogram.ts";
import { runFromRow } from "./run-from-row.ts";
import { listRunIntents, recordRunIntent } from "./run-intents.ts";
import { listRunSamples, thinRunSamples } from "./run-samples.ts";
import { listRunToolCalls, sumServerToolCalls } from "./run-tool-calls.ts";
import type { SampleBuffer } from "./sample-buffer.ts";
import { noteFailure } from "./note-failure.ts";
import { runNotFoundError } from "./store-error.ts";
import type { RunOwner, RunRepository } from "./store.ts";
import type { ToolCallsBuffer } from "./tool-calls-buffer.ts";

export interface RunRepositoryOptions {
  readonly prisma: PrismaClient;
  readonly writes: DurableWrites;
  readonly samples: SampleBuffer;
  readonly toolCalls: ToolCallsBuffer;
  readonly background: BackgroundWork;
}

/** The tables around runs behind the port. */
export function createRunRepository(options: RunRepositoryOptions): RunRepository {
  const { prisma, writes, samples, toolCalls, background } = options;
  const addEvent = createEventWriter(prisma, writes);
  return {
    create: (run, owner) => writes.run(() => createRun({ prisma, run, owner })),
    update: async (runId, changes) => {
      await writes.run(() => updateRun({ prisma, runId, changes }));
      if (changes.state !== "ended") return;
      background.add(async () => {
        await samples.flush();
        await thinRunSamples(prisma, runId);
      });
    },
    recordIntent: (runId, intent) => writes.run(() => recordRunIntent({ prisma, runId, intent })),
    intents: (runId) => listRunIntents(prisma, runId),
    addEvent,
    events: (runId) => listRunEvents(prisma, runId),
    addSamples: async (added) => samples.add(added),
    samples: async (runId) => {
      await samples.flush();
      return listRunSamples(prisma, runId);
    },
    addSnapshot: (snapshot) => writes.run(() => addConfigSnapshot(prisma, snapshot)),
    snapshot: (hash) => findConfigSnapshot(prisma, hash),
    putToolCalls: async (rows) => toolCalls.put(rows),
    toolCalls: async (runId) => {
      await toolCalls.flush();
      return listRunToolCalls(prisma, runId);
    },
    serverToolCalls: async (query) => {
      await toolCalls.flush();
      return sumServerToolCalls(prisma, query);
    },
    find: (runId) => findRun(prisma, runId),
    idsStartingWith: (start, limit) => findIdsStartingWith({ prisma, start, limit }),
    list: (query) => listRuns(prisma, query),
    facets: (filter) => countFacets(prisma, filter),
    histogram: (query) => countHistogram(prisma, query),
    neighbours: (runId, filter) => findNeighbours(prisma, { runId, filter }),
    lastEnded: () => findLastEndedRuns(prisma),
    engines: (since) => findRunEngines(prisma, since),
    open: () => listOpenRuns(prisma),
  };
}

/** An event that has to wait for the disk gets the number that it will most likely have. */
function createEventWriter(prisma: PrismaClient, writes: DurableWrites): RunRepository["addEvent"] {
  let newestId = 0;
  return async (event) => {
    const stored = await writes.run(() => addRunEvent(prisma, event));
    newestId = stored?.id ?? newestId + 1;
    return stored ?? { ...event, id: newestId };
  };
}

async function createRun(input: { prisma: PrismaClient; run: RunRecord; owner: RunOwner }): Promise<void> {
  const { prisma, run, owner } = input;
  const failure = await noteFailure(prisma, { runId: run.id, changes: run, server: run.server });
  // createMany, because create reads the whole row back.
  await prisma.run.createMany({ data: [{ ...runToColumns(run, owner), ...failure }] });
}

async function updateRun(input: { prisma: PrismaClient; runId: string; changes: RunChanges }): Promise<void> {
  const columns = changesToColumns(input.changes);
  if (Object.keys(columns).length === 0) return;
  const data = { ...columns, ...(await noteFailure(input.prisma, input)) };
  const { count } = await input.prisma.run.updateMany({ where: { id: input.runId }, data });
  if (count === 0) throw runNotFoundError(input.runId);
}

async function findRun(prisma: PrismaClient, runId: string): Promise<RunRecord | undefined> {
  const row = await prisma.run.findUnique({ where: { id: runId } });
  return row === null ? undefined : runFromRow(row);
}

async function findIdsStartingWith(input: {
  prisma: PrismaClient;
  start: string;
  limit: number;
}): Promise<readonly string[]> {
  const { prisma, start, limit } = input;
  // A range of the key: LIKE would go through all of them.
  const rows = await prisma.run.findMany({
    where: { id: { gte: start, lt: `${start}\uffff` } },
    select: { id: true },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

async function listOpenRuns(prisma: PrismaClient): Promise<readonly { run: RunRecord; owner: RunOwner }[]> {
  const rows = await prisma.run.findMany({
    where: { groupId: { in: [...(await findOpenGroupIds(prisma))] } },
    orderBy: [{ startedAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    run: runFromRow(row),
    owner: { pid: row.ownerPid, processStartedAt: row.ownerProcessStartedAt },
  }));
}
