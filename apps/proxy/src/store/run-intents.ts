import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { intentReasonSchema, parseStoredJson } from "./stored-json.ts";
import { toStoredTime } from "./stored-value.ts";

export async function recordRunIntent(input: {
  prisma: PrismaClient;
  runId: string;
  intent: StopIntent;
}): Promise<void> {
  const { at, actor, reason } = input.intent;
  await input.prisma.runIntent.createMany({
    data: [{ runId: input.runId, at: toStoredTime(at), actor, reasonJson: JSON.stringify(reason) }],
  });
}

/** In the order they were recorded. */
export async function listRunIntents(prisma: PrismaClient, runId: string): Promise<readonly StopIntent[]> {
  const rows = await prisma.runIntent.findMany({ where: { runId }, orderBy: { id: "asc" } });
  return rows.map((row) => ({
    at: row.at.toISOString(),
    actor: row.actor,
    reason: parseStoredJson({ schema: intentReasonSchema, text: row.reasonJson, place: { runId, column: "intent" } }),
  }));
}
