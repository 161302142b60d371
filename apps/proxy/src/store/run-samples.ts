import type { RunSample } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { packSamples, unpackSamples } from "./pack-samples.ts";
import { fromStoredIntegerOrNull, toStoredInteger, toStoredIntegerOrNull, toStoredTime } from "./stored-value.ts";
import { thinSamples } from "./thin-samples.ts";

export type SampleOfRun = RunSample & { readonly runId: string };

export async function addRunSamples(prisma: PrismaClient, samples: readonly SampleOfRun[]): Promise<void> {
  if (samples.length === 0) return;
  await prisma.runSample.createMany({
    data: samples.map((sample) => ({
      runId: sample.runId,
      at: toStoredTime(sample.at),
      memoryBytes: toStoredInteger(sample.memoryBytes),
      peakBytes: toStoredIntegerOrNull(sample.peakBytes),
      // As exact as the packed series keeps it.
      cpuCores: sample.cpuCores === null ? null : Math.round(sample.cpuCores * 1_000) / 1_000,
    })),
  });
}

/** Oldest first: those that were thinned and those that came since. */
export async function listRunSamples(prisma: PrismaClient, runId: string): Promise<readonly RunSample[]> {
  const series = await prisma.runSampleSeries.findUnique({ where: { runId } });
  const { samples } = await readLiveSamples(prisma, runId);
  return series === null ? samples : [...unpackSamples(runId, series.packed), ...samples];
}

/** Turns the readings of an ended run into one packed row; those that come late are added at the next call. */
export async function thinRunSamples(prisma: PrismaClient, runId: string): Promise<void> {
  const { samples, lastId } = await readLiveSamples(prisma, runId);
  if (lastId === undefined) return;
  const before = await prisma.runSampleSeries.findUnique({ where: { runId } });
  const all = before === null ? samples : [...unpackSamples(runId, before.packed), ...samples];
  const packed = packSamples(thinSamples(all));
  await prisma.$transaction([
    prisma.runSampleSeries.upsert({ where: { runId }, create: { runId, packed }, update: { packed } }),
    prisma.runSample.deleteMany({ where: { runId, id: { lte: lastId } } }),
  ]);
}

/** Ended runs whose readings are not thinned: MCPProxy went away in between. */
export async function findUnthinnedRuns(prisma: PrismaClient): Promise<readonly string[]> {
  const rows = await prisma.$queryRaw`
    SELECT DISTINCT "runId" AS "id" FROM "RunSample" JOIN "Run" ON "Run"."id" = "runId" WHERE "state" = 'ended'`;
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map(({ id }) => id);
}

async function readLiveSamples(
  prisma: PrismaClient,
  runId: string,
): Promise<{ readonly samples: readonly RunSample[]; readonly lastId: number | undefined }> {
  const rows = await prisma.runSample.findMany({ where: { runId }, orderBy: [{ at: "asc" }, { id: "asc" }] });
  const samples = rows.map((row) => ({
    at: row.at.toISOString(),
    memoryBytes: Number(row.memoryBytes),
    peakBytes: fromStoredIntegerOrNull(row.peakBytes),
    cpuCores: row.cpuCores,
  }));
  return { samples, lastId: rows.length === 0 ? undefined : Math.max(...rows.map(({ id }) => id)) };
}
