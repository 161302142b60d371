import { fingerprintFailure, type Failure } from "@mcpproxy/core/verdict/fingerprint-failure";
import type { PrismaClient } from "./generated/prisma/client.ts";
import type { RunChanges } from "./run-columns.ts";
import { parseStoredJson, stringListSchema } from "./stored-json.ts";
import { fromStoredIntegerOrNull } from "./stored-value.ts";

export interface NoteFailureRequest {
  readonly runId: string;
  readonly changes: RunChanges;
  /** Of a run that is not stored yet. */
  readonly server?: string;
}

/** The fingerprint that goes with a new verdict, whose group is there from now on; nothing when the verdict stays as it is. */
export async function noteFailure(
  prisma: PrismaClient,
  { runId, changes, server }: NoteFailureRequest,
): Promise<{ fingerprint?: string | null }> {
  const { verdict } = changes;
  if (verdict === undefined || (verdict === null && server !== undefined)) return {};
  if (verdict === null) return { fingerprint: null };
  const known = server === undefined ? await readKnown(prisma, runId) : { server, exitCode: null, stderrTail: [] };
  if (known === undefined) return {};
  const failure = fingerprintFailure({
    server: known.server,
    verdict: verdict.kind,
    exitCode: changes.exitCode === undefined ? known.exitCode : changes.exitCode,
    stderrTail: changes.stderrTail ?? known.stderrTail,
  });
  if (failure !== undefined) await addFailureGroup(prisma, failure);
  return { fingerprint: failure?.fingerprint ?? null };
}

/** Does nothing when it is there. */
export async function addFailureGroup(prisma: PrismaClient, failure: Failure): Promise<void> {
  const { fingerprint, server, verdict, exitCode, line } = failure;
  await prisma.$executeRaw`
    INSERT INTO "FailureGroup" ("fingerprint", "server", "verdictKind", "exitCode", "line")
    VALUES (${fingerprint}, ${server}, ${verdict}, ${exitCode}, ${line}) ON CONFLICT DO NOTHING`;
}

async function readKnown(prisma: PrismaClient, runId: string) {
  const select = { server: true, exitCode: true, stderrTailJson: true } as const;
  const row = await prisma.run.findUnique({ where: { id: runId }, select });
  if (row === null) return undefined;
  const place = { runId, column: "stderrTail" };
  return {
    server: row.server,
    exitCode: fromStoredIntegerOrNull(row.exitCode),
    stderrTail: parseStoredJson({ schema: stringListSchema, text: row.stderrTailJson, place }),
  };
}
