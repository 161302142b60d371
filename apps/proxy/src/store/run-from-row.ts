import { runStates, type RunEngine, type RunRecord } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import type { RunModel } from "./generated/prisma/models/Run.ts";
import {
  callsInFlightSchema,
  isolationReportSchema,
  isolationSchema,
  parseStored,
  parseStoredJson,
  stringListSchema,
  triggerSchema,
  verdictSchema,
} from "./stored-json.ts";
import { fromStoredIntegerOrNull, fromStoredTimeOrNull } from "./stored-value.ts";

const stateSchema = z.enum(runStates);

/** A stored run as the rest of the program knows it; throws a StoreError when the row was tampered with. */
export function runFromRow(row: RunModel): RunRecord {
  return { ...identityFromRow(row), ...containerFromRow(row), ...timesFromRow(row), ...endFromRow(row) };
}

function identityFromRow(row: RunModel) {
  return {
    id: row.id,
    server: row.server,
    state: parseStored({ schema: stateSchema, value: row.state, place: { runId: row.id, column: "state" } }),
    restartOf: row.restartOf,
    attempt: row.attempt,
    trigger: parseStored({ schema: triggerSchema, value: row.trigger, place: { runId: row.id, column: "trigger" } }),
    sessions: row.sessions,
    callsTotal: Number(row.callsTotal),
    configHash: row.configHash,
  };
}

function containerFromRow(row: RunModel) {
  return {
    isolation: parseStored({
      schema: isolationSchema,
      value: row.isolation,
      place: { runId: row.id, column: "isolation" },
    }),
    engine: engineFromRow(row),
    isolationReport: reportFromRow(row),
    containerId: row.containerId,
    containerName: row.containerName,
    image: row.image,
    imageDigest: row.imageDigest,
    imageBuiltFromHost: row.imageBuiltFromHost,
    command: stringsFromJson(row.commandJson, { runId: row.id, column: "command" }),
    dockerRunArgs:
      row.dockerRunArgsJson === null
        ? null
        : stringsFromJson(row.dockerRunArgsJson, { runId: row.id, column: "dockerRunArgs" }),
    limits: {
      memoryBytes: fromStoredIntegerOrNull(row.memoryLimitBytes),
      cpus: row.cpuLimit,
      pids: fromStoredIntegerOrNull(row.pidsLimit),
      network: row.network,
    },
  };
}

/** Where the run's container is; null on the host, and for rows older than the columns. */
export function engineFromRow(row: Pick<RunModel, "engineContext" | "engineEndpoint">): RunEngine | null {
  if (row.engineContext === null || row.engineEndpoint === null) return null;
  return { context: row.engineContext, endpoint: row.engineEndpoint };
}

function reportFromRow(row: RunModel) {
  if (row.isolationReportJson === null) return null;
  const place = { runId: row.id, column: "isolationReport" };
  return parseStoredJson({ schema: isolationReportSchema, text: row.isolationReportJson, place });
}

function timesFromRow(row: RunModel) {
  return {
    startedAt: row.startedAt.toISOString(),
    readyAt: fromStoredTimeOrNull(row.readyAt),
    endedAt: fromStoredTimeOrNull(row.endedAt),
    durationMs: fromStoredIntegerOrNull(row.durationMs),
    timings: {
      pullMs: fromStoredIntegerOrNull(row.pullMs),
      createMs: fromStoredIntegerOrNull(row.createMs),
      startMs: fromStoredIntegerOrNull(row.startMs),
      initializeMs: fromStoredIntegerOrNull(row.initializeMs),
    },
  };
}

function endFromRow(row: RunModel) {
  return {
    verdict: verdictFromRow(row),
    exitCode: fromStoredIntegerOrNull(row.exitCode),
    signal: row.signal,
    oomKilled: row.oomKilled,
    peakMemoryBytes: fromStoredIntegerOrNull(row.peakMemoryBytes),
    stoppedBy: row.stoppedBy,
    callsInFlight: parseStoredJson({
      schema: callsInFlightSchema,
      text: row.callsInFlightJson,
      place: { runId: row.id, column: "callsInFlight" },
    }),
    stderrTail: stringsFromJson(row.stderrTailJson, { runId: row.id, column: "stderrTail" }),
  };
}

function verdictFromRow(row: RunModel) {
  if (row.verdictJson === null) return null;
  return parseStoredJson({ schema: verdictSchema, text: row.verdictJson, place: { runId: row.id, column: "verdict" } });
}

function stringsFromJson(text: string, place: { runId: string; column: string }): readonly string[] {
  return parseStoredJson({ schema: stringListSchema, text, place });
}
