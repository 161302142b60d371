import type { RunSample } from "@mcpproxy/core/run/run-record";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { fromStoredIntegerOrNull, toStoredInteger, toStoredIntegerOrNull, toStoredTime } from "./stored-value.ts";

export async function addRunSamples(
  prisma: PrismaClient,
  samples: readonly (RunSample & { runId: string })[],
): Promise<void> {
  if (samples.length === 0) return;
  await prisma.runSample.createMany({
    data: samples.map((sample) => ({
      runId: sample.runId,
      at: toStoredTime(sample.at),
      memoryBytes: toStoredInteger(sample.memoryBytes),
      peakBytes: toStoredIntegerOrNull(sample.peakBytes),
    })),
  });
}

/** Oldest first. */
export async function listRunSamples(prisma: PrismaClient, runId: string): Promise<readonly RunSample[]> {
  const rows = await prisma.runSample.findMany({ where: { runId }, orderBy: [{ at: "asc" }, { id: "asc" }] });
  return rows.map((row) => ({
    at: row.at.toISOString(),
    memoryBytes: Number(row.memoryBytes),
    peakBytes: fromStoredIntegerOrNull(row.peakBytes),
  }));
}
