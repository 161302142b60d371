import { describe, expect, it } from "vitest";
import type { PlanRecord } from "../run/plan-record.ts";
import type { RunRecord } from "../run/run-record.ts";
import type { EngineStatus, ServerRecord } from "../run/server-record.ts";
import { examineServer, type ServerFacts } from "./examine-server.ts";

const mebibyte = 1024 ** 2;
const limits = { memoryBytes: 64 * mebibyte, cpus: 1, pids: 256, network: "bridge" };
const engine: EngineStatus = {
  state: "available",
  context: "default",
  endpoint: "unix:///var/run/docker.sock",
  version: "28",
  apiVersion: "1.48",
  cgroupVersion: "2",
  memoryBytes: null,
  warnings: [],
  problem: null,
  checkedAt: "2026-01-01T00:00:00.000Z",
};
const plan: PlanRecord = {
  server: "a",
  outcome: "isolated",
  reason: null,
  refusal: null,
  runtime: "npx",
  image: "node:20",
  command: ["npx", "x"],
  env: [],
  mounts: [],
  dockerRunArgs: ["run", "-i", "node:20", "npx", "x"],
  settings: [],
  findings: [],
};
const server: ServerRecord = {
  name: "a",
  enabled: true,
  state: "stopped",
  nextTryAt: null,
  attempt: 1,
  heldBy: null,
  runs: 0,
  problem: null,
  isolation: "docker",
  command: ["npx", "x"],
  image: "node:20",
  imageBuiltFromHost: null,
  limits,
  findings: [],
  pull: null,
  run: null,
  lastVerdict: null,
};
const outOfMemory: RunRecord = {
  id: "1",
  server: "a",
  state: "ended",
  verdict: {
    kind: "oom_killed",
    confidence: "certain",
    summary: "Out of memory: killed at the 64 MiB limit.",
    remedy: "Raise isolation.memory_limit of this server, for example to 128m.",
    evidence: [],
  },
  isolation: "docker",
  engine: null,
  isolationReport: null,
  containerId: "c",
  containerName: "mcpproxy-a-1234",
  image: "node:20",
  imageDigest: null,
  imageBuiltFromHost: null,
  command: ["npx", "x"],
  dockerRunArgs: null,
  limits,
  startedAt: "2026-01-01T00:00:00.000Z",
  readyAt: null,
  endedAt: "2026-01-01T00:01:00.000Z",
  durationMs: 60_000,
  timings: { pullMs: null, createMs: null, startMs: null, initializeMs: null },
  exitCode: 137,
  signal: 9,
  oomKilled: true,
  peakMemoryBytes: null,
  restartOf: null,
  attempt: 1,
  trigger: "call",
  stoppedBy: null,
  sessions: 0,
  callsTotal: 0,
  callsInFlight: [],
  stderrTail: ["Error: it hurts"],
  configHash: null,
};
const facts: ServerFacts = {
  server,
  plan,
  run: undefined,
  before: undefined,
  engine,
  trial: undefined,
  configIssues: [],
};
const live: RunRecord = { ...outOfMemory, id: "2", state: "ready", verdict: null, endedAt: null };
const ready: ServerRecord = {
  ...server,
  state: "ready",
  runs: 1,
  run: {
    id: "2",
    containerId: "c",
    containerName: "mcpproxy-a-5678",
    startedAt: "2026-01-01T00:02:00.000Z",
    readyAt: "2026-01-01T00:02:01.000Z",
    memoryBytes: mebibyte,
    cpuCores: null,
    peakMemoryBytes: null,
    isolationScore: null,
    sessions: 0,
    callsTotal: 0,
    callsInFlight: 0,
  },
};

function step(changes: Partial<ServerFacts>, number: number) {
  return examineServer({ ...facts, ...changes }).steps.find((one) => one.step === number);
}

describe("examineServer", () => {
  it("always answers all seven steps, in order", () => {
    expect(examineServer(facts).steps.map((one) => one.step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(examineServer(facts)).toMatchObject({ isHealthy: true, fixes: [] });
  });

  it("finds an out-of-memory end and offers the next limit", () => {
    const report = examineServer({ ...facts, run: outOfMemory, before: outOfMemory });
    expect(report.isHealthy).toBe(false);
    expect(report.fixes).toEqual([
      {
        reason: "Out of memory: killed at the 64 MiB limit.",
        change: { key: "memory_limit", operation: "set", value: "128m" },
      },
    ]);
  });

  it("still tells how a run ended when the server was restarted since", () => {
    const restarted = { server: ready, run: live, before: outOfMemory };
    expect(step(restarted, 2)).toMatchObject({ status: "warning", found: expect.stringContaining("Out of memory") });
    expect(examineServer({ ...facts, ...restarted }).fixes).toHaveLength(1);
  });

  it("offers nothing for a run that had other limits than today's", () => {
    const raised = { ...ready, limits: { ...limits, memoryBytes: 128 * mebibyte } };
    expect(examineServer({ ...facts, server: raised, run: live, before: outOfMemory }).fixes).toEqual([]);
  });

  it("offers nothing for a run that somebody stopped", () => {
    const stopped = { ...outOfMemory, stoppedBy: "admin" };
    expect(examineServer({ ...facts, run: stopped, before: stopped }).fixes).toEqual([]);
  });

  it("says that Docker is away, that the plan is refused, that the file has errors, and that a trial failed", () => {
    const problem = { message: "Docker is not running.", remedy: "Start Docker." };
    expect(step({ engine: { ...engine, state: "unavailable", problem } }, 2)).toMatchObject({
      status: "problem",
      found: problem.message,
      remedy: problem.remedy,
    });
    const refusal = { code: "runtime_unknown", message: "No image is known.", remedy: "Name one." } as const;
    expect(step({ plan: { ...plan, outcome: "refused", refusal } }, 1)).toMatchObject({ status: "problem" });
    const issue = { file: "f", path: "", line: 3, column: 4, server: "a", message: "wrong", remedy: null };
    expect(step({ configIssues: [issue] }, 7)).toMatchObject({ status: "problem", lines: ["f:3:4 wrong"] });
    expect(step({ configIssues: [{ ...issue, server: "other" }] }, 7)).toMatchObject({ status: "ok" });
    expect(step({ server: { ...server, state: "crash_looping" } }, 7)?.found).toBe(
      "The config file is in force; a fails again and again and is tried again later.",
    );
    expect(step({ trial: { ok: false, message: "it exited" } }, 5)).toMatchObject({ status: "problem" });
    expect(step({ trial: { ok: true, tookMs: 120 } }, 5)).toMatchObject({ status: "ok" });
  });
});
