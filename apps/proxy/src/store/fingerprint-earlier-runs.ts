import { fingerprintFailure } from "@mcpproxy/core/verdict/fingerprint-failure";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { addFailureGroup } from "./note-failure.ts";
import { workInSteps } from "./paced-work.ts";

const firstRuns = 20;
const stepRunsMax = 500;
const kindSchema = z.enum(verdictKinds);
const tailSchema = z.array(z.string()).catch([]);

/** Gives failed runs of versions without fingerprints theirs, in small steps, the newest first; the migration has marked them. */
export async function fingerprintEarlierRuns(prisma: PrismaClient, signal: AbortSignal): Promise<void> {
  await workInSteps({ first: firstRuns, max: stepRunsMax, step: (runs) => fingerprintSome(prisma, runs), signal });
}

async function fingerprintSome(prisma: PrismaClient, limit: number): Promise<number> {
  const rows = await prisma.run.findMany({
    where: { fingerprint: "" },
    orderBy: { endedAt: "desc" },
    take: limit,
    select: { id: true, server: true, verdictKind: true, exitCode: true, stderrTailJson: true },
  });
  const known = new Set<string>();
  const found: { id: string; fingerprint: string | null }[] = [];
  for (const { id, server, verdictKind, exitCode, stderrTailJson } of rows) {
    const verdict = kindSchema.safeParse(verdictKind).data;
    const failure =
      verdict === undefined
        ? undefined
        : fingerprintFailure({
            server,
            verdict,
            exitCode: exitCode === null ? null : Number(exitCode),
            stderrTail: tailOf(stderrTailJson),
          });
    if (failure !== undefined && !known.has(failure.fingerprint)) await addFailureGroup(prisma, failure);
    if (failure !== undefined) known.add(failure.fingerprint);
    found.push({ id, fingerprint: failure?.fingerprint ?? null });
  }
  await prisma.$executeRaw`
    UPDATE "Run" SET "fingerprint" = "found"."value" ->> 'fingerprint' FROM json_each(${JSON.stringify(found)}) AS "found"
    WHERE "Run"."id" = "found"."value" ->> 'id'`;
  return rows.length;
}

/** What cannot be read must not keep the others waiting. */
function tailOf(text: string): readonly string[] {
  try {
    return tailSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
