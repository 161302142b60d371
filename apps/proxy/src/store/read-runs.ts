import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";
import type { RunModel } from "./generated/prisma/models/Run.ts";
import { runFromRow } from "./run-from-row.ts";

const text = z.string();
const textOrNull = z.string().nullable();
const integer = z.number();
const large = z.number().transform((value) => BigInt(value));
const largeOrNull = z
  .number()
  .nullable()
  .transform((value) => (value === null ? null : BigInt(value)));
const time = z.number().transform((value) => new Date(value));
const timeOrNull = z
  .number()
  .nullable()
  .transform((value) => (value === null ? null : new Date(value)));

/** The columns of a run as SQLite writes them into JSON; a column that is missing here is a type error below. */
const columns = {
  id: text,
  server: text,
  state: text,
  verdictKind: textOrNull,
  verdictSummary: textOrNull,
  verdictJson: textOrNull,
  isolation: text,
  engineContext: textOrNull,
  engineEndpoint: textOrNull,
  isolationReportJson: textOrNull,
  containerId: textOrNull,
  containerName: textOrNull,
  image: textOrNull,
  imageDigest: textOrNull,
  imageBuiltFromHost: textOrNull,
  commandJson: text,
  dockerRunArgsJson: textOrNull,
  memoryLimitBytes: largeOrNull,
  cpuLimit: z.number().nullable(),
  pidsLimit: largeOrNull,
  network: textOrNull,
  startedAt: time,
  readyAt: timeOrNull,
  endedAt: timeOrNull,
  durationMs: largeOrNull,
  pullMs: largeOrNull,
  createMs: largeOrNull,
  startMs: largeOrNull,
  initializeMs: largeOrNull,
  exitCode: largeOrNull,
  signal: z.number().nullable(),
  oomKilled: z.number().transform((value) => value !== 0),
  peakMemoryBytes: largeOrNull,
  restartOf: textOrNull,
  attempt: integer,
  trigger: text,
  stoppedBy: textOrNull,
  sessions: integer,
  callsTotal: large,
  callsInFlightJson: text,
  stderrTailJson: text,
  ownerPid: integer,
  ownerProcessStartedAt: text,
  configHash: textOrNull,
  groupId: z.number().nullable(),
  fingerprint: textOrNull,
} as const;
const names = Object.keys(columns);
const runSchema: z.ZodType<RunModel> = z.object(columns);
const rowsSchema = z.array(z.object({ run: z.string() }));
const valuesSchema = z.array(z.unknown());

const wholeRun = valuesSql((name) => `"${name}"`);
const tableRow = valuesSql((name) => (name === "stderrTailJson" ? "'[]'" : `"${name}"`));

export interface ReadRunsQuery {
  readonly ids: readonly string[];
  /** "row": without stderr tails. */
  readonly detail: "whole" | "row";
}

/** Reads runs in the order of their ids; one that is gone meanwhile is left out. */
export async function readRuns(prisma: PrismaClient, query: ReadRunsQuery): Promise<readonly RunRecord[]> {
  if (query.ids.length === 0) return [];
  const rows = rowsSchema.parse(await prisma.$queryRaw(readRunsSql(query)));
  const runs = rows.map(({ run }) => runFromValues(valuesSchema.parse(JSON.parse(run))));
  const byId = new Map(runs.map((run) => [run.id, run]));
  return query.ids.flatMap((id) => byId.get(id) ?? []);
}

/** Each run as one JSON text: the driver takes as long for each of forty columns as SQLite for the whole run. */
export function readRunsSql({ ids, detail }: ReadRunsQuery): Prisma.Sql {
  return Prisma.sql`SELECT ${detail === "row" ? tableRow : wholeRun} AS "run" FROM "Run"
    WHERE "id" IN (SELECT "value" FROM json_each(${JSON.stringify(ids)}))`;
}

/** Without the names, which would be half of the text. */
function valuesSql(read: (column: string) => string): Prisma.Sql {
  return Prisma.raw(`json_array(${names.map(read).join(", ")})`);
}

function runFromValues(values: readonly unknown[]): RunRecord {
  return runFromRow(runSchema.parse(Object.fromEntries(names.map((name, index) => [name, values[index]]))));
}
