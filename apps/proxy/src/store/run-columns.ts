import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { Prisma } from "./generated/prisma/client.ts";
import { toStoredInteger, toStoredIntegerOrNull, toStoredTime, toStoredTimeOrNull } from "./stored-value.ts";
import type { RunOwner } from "./store.ts";

export type RunChanges = Partial<Omit<RunRecord, "id" | "server">>;
type RunField = keyof RunChanges;
type RunCreateColumns = Prisma.RunUncheckedCreateInput;
type RunColumns = Omit<RunCreateColumns, "events" | "samples" | "intents">;

/** Each field of a run as its columns: one table for storing whole runs and changes. */
const columnsByField: { readonly [Field in RunField]: (value: RunRecord[Field]) => Partial<RunColumns> } = {
  state: (state) => ({ state }),
  verdict: (verdict) => ({
    verdictKind: verdict?.kind ?? null,
    verdictSummary: verdict?.summary ?? null,
    verdictJson: verdict === null ? null : JSON.stringify(verdict),
  }),
  isolation: (isolation) => ({ isolation }),
  engine: (engine) => ({ engineContext: engine?.context ?? null, engineEndpoint: engine?.endpoint ?? null }),
  isolationReport: (report) => ({ isolationReportJson: report === null ? null : JSON.stringify(report) }),
  containerId: (containerId) => ({ containerId }),
  containerName: (containerName) => ({ containerName }),
  image: (image) => ({ image }),
  imageDigest: (imageDigest) => ({ imageDigest }),
  imageBuiltFromHost: (imageBuiltFromHost) => ({ imageBuiltFromHost }),
  command: (command) => ({ commandJson: JSON.stringify(command) }),
  dockerRunArgs: (args) => ({ dockerRunArgsJson: args === null ? null : JSON.stringify(args) }),
  limits: (limits) => ({
    memoryLimitBytes: toStoredIntegerOrNull(limits.memoryBytes),
    cpuLimit: limits.cpus,
    pidsLimit: toStoredIntegerOrNull(limits.pids),
    network: limits.network,
  }),
  startedAt: (startedAt) => ({ startedAt: toStoredTime(startedAt) }),
  readyAt: (readyAt) => ({ readyAt: toStoredTimeOrNull(readyAt) }),
  endedAt: (endedAt) => ({ endedAt: toStoredTimeOrNull(endedAt) }),
  durationMs: (durationMs) => ({ durationMs: toStoredIntegerOrNull(durationMs) }),
  timings: (timings) => ({
    pullMs: toStoredIntegerOrNull(timings.pullMs),
    createMs: toStoredIntegerOrNull(timings.createMs),
    startMs: toStoredIntegerOrNull(timings.startMs),
    initializeMs: toStoredIntegerOrNull(timings.initializeMs),
  }),
  exitCode: (exitCode) => ({ exitCode: toStoredIntegerOrNull(exitCode) }),
  signal: (signal) => ({ signal }),
  oomKilled: (oomKilled) => ({ oomKilled }),
  peakMemoryBytes: (peak) => ({ peakMemoryBytes: toStoredIntegerOrNull(peak) }),
  restartOf: (restartOf) => ({ restartOf }),
  attempt: (attempt) => ({ attempt }),
  trigger: (trigger) => ({ trigger }),
  stoppedBy: (stoppedBy) => ({ stoppedBy }),
  sessions: (sessions) => ({ sessions }),
  callsTotal: (callsTotal) => ({ callsTotal: toStoredInteger(callsTotal) }),
  callsInFlight: (calls) => ({ callsInFlightJson: JSON.stringify(calls) }),
  stderrTail: (lines) => ({ stderrTailJson: JSON.stringify(lines) }),
  configHash: (configHash) => ({ configHash }),
};

/** The columns of a whole run. */
export function runToColumns(run: RunRecord, owner: RunOwner): RunCreateColumns {
  return asComplete({
    ...changesToColumns(run),
    id: run.id,
    server: run.server,
    ownerPid: owner.pid,
    ownerProcessStartedAt: owner.processStartedAt,
  });
}

/** The columns of the fields that are named in `changes`. */
export function changesToColumns(changes: RunChanges): Partial<RunColumns> {
  const fields = Object.keys(changes).filter(isRunField);
  return Object.assign({}, ...fields.map((field) => fieldToColumns(changes, field)));
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the value to its own field's column function
function fieldToColumns<Field extends RunField>(changes: RunChanges, field: Field): Partial<RunColumns> {
  const value: RunRecord[Field] | undefined = changes[field];
  return value === undefined ? {} : columnsByField[field](value);
}

function isRunField(name: string): name is RunField {
  return Object.hasOwn(columnsByField, name);
}

// A RunRecord names every field, so every column is there; the type of a loop over fields cannot say so.
function asComplete(columns: Partial<RunColumns>): RunCreateColumns {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return columns as RunCreateColumns;
}
