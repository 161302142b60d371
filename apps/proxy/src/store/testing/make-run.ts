import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { v7 } from "uuid";
import type { RunOwner } from "../store.ts";

export const testOwner: RunOwner = { pid: 4242, processStartedAt: "123456789" };

/** A run that was just decided, for tests. */
export function makeRun(fields: Partial<RunRecord> = {}): RunRecord {
  return {
    id: v7(),
    server: "everything",
    state: "pulling",
    verdict: null,
    isolation: "docker",
    engine: null,
    isolationReport: null,
    containerId: null,
    containerName: null,
    image: "node:20",
    imageDigest: null,
    imageBuiltFromHost: null,
    command: ["npx", "-y", "@modelcontextprotocol/server-everything"],
    dockerRunArgs: null,
    limits: { memoryBytes: 512 * 1024 * 1024, cpus: 1.5, pids: 256, network: "bridge" },
    startedAt: "2026-11-23T19:00:00.123Z",
    readyAt: null,
    endedAt: null,
    durationMs: null,
    timings: { pullMs: null, createMs: null, startMs: null, initializeMs: null },
    exitCode: null,
    signal: null,
    oomKilled: false,
    peakMemoryBytes: null,
    restartOf: null,
    attempt: 1,
    trigger: "eager",
    stoppedBy: null,
    sessions: 0,
    callsTotal: 0,
    callsInFlight: [],
    stderrTail: [],
    configHash: null,
    ...fields,
  };
}
