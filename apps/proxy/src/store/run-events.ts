import { runEventKinds, type RunEvent } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client.ts";
import type { RunEventModel } from "./generated/prisma/models/RunEvent.ts";
import { parseStored } from "./stored-json.ts";
import { fromStoredIntegerOrNull, toStoredIntegerOrNull, toStoredTime } from "./stored-value.ts";

const kindSchema = z.enum(runEventKinds);

export async function addRunEvent(prisma: PrismaClient, event: Omit<RunEvent, "id">): Promise<RunEvent> {
  const row = await prisma.runEvent.create({
    data: {
      runId: event.runId,
      at: toStoredTime(event.at),
      kind: event.kind,
      message: event.message,
      durationMs: toStoredIntegerOrNull(event.durationMs),
    },
  });
  return eventFromRow(row);
}

export async function listRunEvents(prisma: PrismaClient, runId: string): Promise<readonly RunEvent[]> {
  const rows = await prisma.runEvent.findMany({ where: { runId }, orderBy: { id: "asc" } });
  return rows.map(eventFromRow);
}

function eventFromRow(row: RunEventModel): RunEvent {
  return {
    id: row.id,
    runId: row.runId,
    at: row.at.toISOString(),
    kind: parseStored({ schema: kindSchema, value: row.kind, place: { runId: row.runId, column: "event kind" } }),
    message: row.message,
    durationMs: fromStoredIntegerOrNull(row.durationMs),
  };
}
