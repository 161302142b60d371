import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { describe, expect, test } from "vitest";
import { StoreError } from "./store-error.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

const gibibyte = 1024 ** 3;
const outOfMemory: Verdict = {
  kind: "oom_killed",
  confidence: "certain",
  summary: "Out of memory: killed at the 64 MiB limit.",
  remedy: "Set memory_limit to 128m.",
  evidence: [
    { source: "event", at: "2026-11-23T19:00:05.001Z", text: "oom" },
    { source: "inspect", text: "OOMKilled=true" },
  ],
};

const endedRun: Partial<RunRecord> = {
  state: "ended",
  verdict: outOfMemory,
  engine: { context: "prod", endpoint: "tcp://prod:2376" },
  isolationReport: {
    score: 85,
    weaknesses: [{ code: "root_user", points: 15, message: "It runs as root.", remedy: 'Set "user".' }],
    isHostNetwork: false,
    isPrivileged: false,
  },
  containerId: "abc",
  containerName: "mcpproxy-everything-a1b2",
  imageDigest: "sha256:1",
  imageBuiltFromHost: "v20.20.2",
  dockerRunArgs: ["run", "-i", "node:20"],
  limits: { memoryBytes: 48 * gibibyte, cpus: 0.5, pids: null, network: null },
  readyAt: "2026-11-23T19:00:01.999Z",
  endedAt: "2026-12-31T23:59:59.001Z",
  durationMs: 40 * 86_400_000,
  timings: { pullMs: 1, createMs: 2, startMs: 3, initializeMs: 4 },
  exitCode: 3_221_225_477,
  signal: 9,
  oomKilled: true,
  peakMemoryBytes: 5 * gibibyte + 1,
  restartOf: "another",
  stoppedBy: "admin (token ops-laptop)",
  sessions: 2,
  callsTotal: 5_000_000_000,
  callsInFlight: [
    { method: "tools/call", tool: "echo", sessionId: "s1", ageMs: 12.5 },
    { method: "ping", sessionId: "s2", ageMs: 1 },
  ],
  stderrTail: ['ü \u0000 "quoted"', ""],
};

describe("runs", () => {
  test("a new run comes back as it was stored", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    expect(await temporary.store.runs.find(run.id)).toEqual(run);
    expect(await temporary.store.runs.find("unknown")).toBeUndefined();
  });

  test("an update overwrites the named fields, with sizes above 32 bits, and leaves the others", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    await temporary.store.runs.update(run.id, endedRun);
    expect(await temporary.store.runs.find(run.id)).toEqual({ ...run, ...endedRun });
    await temporary.store.runs.update(run.id, { sessions: 3, verdict: null });
    await temporary.store.runs.update(run.id, {});
    expect(await temporary.store.runs.find(run.id)).toEqual({ ...run, ...endedRun, sessions: 3, verdict: null });
  });

  test("a whole run can be created with every field set", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun(endedRun);
    await temporary.store.runs.create(run, testOwner);
    expect(await temporary.store.runs.find(run.id)).toEqual(run);
  });

  test("an update of an unknown run says so", async () => {
    await using temporary = await openTemporaryStore();
    const update = temporary.store.runs.update("nobody", { sessions: 1 });
    await expect(update).rejects.toThrow(StoreError);
    await expect(temporary.store.runs.update("nobody", { sessions: 1 })).rejects.toMatchObject({
      code: "run_not_found",
    });
  });

  test("times keep their milliseconds and are given in UTC; finer fractions are cut, durations rounded", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun({ startedAt: "2026-11-23T20:00:00.007999999+01:00" });
    await temporary.store.runs.create(run, testOwner);
    await temporary.store.runs.update(run.id, { durationMs: 12.6, readyAt: "1999-12-31T23:59:59.999Z" });
    const stored = await temporary.store.runs.find(run.id);
    expect(stored).toMatchObject({
      startedAt: "2026-11-23T19:00:00.007Z",
      readyAt: "1999-12-31T23:59:59.999Z",
      durationMs: 13,
    });
    await expect(temporary.store.runs.update(run.id, { readyAt: "yesterday" })).rejects.toThrow(
      'Not an RFC 3339 time: "yesterday"',
    );
  });

  test("open runs come with their owner, ended ones do not", async () => {
    await using temporary = await openTemporaryStore();
    const open = makeRun({ state: "ready" });
    await temporary.store.runs.create(open, testOwner);
    await temporary.store.runs.create(makeRun({ ...endedRun }), testOwner);
    expect(await temporary.store.runs.open()).toEqual([{ run: open, owner: testOwner }]);
  });

  test("intents keep their order and reasons", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    const intents: StopIntent[] = [
      { at: "2026-11-23T19:00:00.001Z", actor: "admin", reason: { kind: "user", note: "too slow" } },
      {
        at: "2026-11-23T19:00:00.000Z",
        actor: "mcpproxy",
        reason: { kind: "policy", policy: "idle", detail: "10 minutes" },
      },
      { at: "2026-11-23T19:00:00.002Z", actor: "mcpproxy", reason: { kind: "policy", policy: "shutdown" } },
    ];
    for (const intent of intents) await temporary.store.runs.recordIntent(run.id, intent);
    expect(await temporary.store.runs.intents(run.id)).toEqual(intents);
  });

  test("events come back with ids in the order they were added", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    const at = "2026-11-23T19:00:00.001Z";
    const first = await temporary.store.runs.addEvent({
      runId: run.id,
      at,
      kind: "decided",
      message: "a",
      durationMs: null,
    });
    const second = await temporary.store.runs.addEvent({
      runId: run.id,
      at,
      kind: "pull-finished",
      message: "b",
      durationMs: 3e9,
    });
    expect(await temporary.store.runs.events(run.id)).toEqual([first, second]);
    expect(second).toEqual({
      id: first.id + 1,
      runId: run.id,
      at,
      kind: "pull-finished",
      message: "b",
      durationMs: 3e9,
    });
    expect(await temporary.store.runs.events("unknown")).toEqual([]);
  });

  test("samples come back oldest first, also many at once", async () => {
    await using temporary = await openTemporaryStore();
    const run = makeRun();
    await temporary.store.runs.create(run, testOwner);
    const samples = Array.from({ length: 600 }, (_unused, index) => ({
      runId: run.id,
      at: new Date(1_800_000_000_000 - index * 1000).toISOString(),
      memoryBytes: 6 * gibibyte + index,
      peakBytes: index % 2 === 0 ? null : 7 * gibibyte,
      cpuCores: index % 2 === 0 ? null : 1.5,
    }));
    await temporary.store.runs.addSamples([]);
    await temporary.store.runs.addSamples(samples);
    const expected = samples.map(({ runId: _runId, ...sample }) => sample).toReversed();
    expect(await temporary.store.runs.samples(run.id)).toEqual(expected);
  });

  test("an event of an unknown run is refused", async () => {
    await using temporary = await openTemporaryStore();
    const event = {
      runId: "unknown",
      at: "2026-11-23T19:00:00.001Z",
      kind: "decided",
      message: "",
      durationMs: null,
    } as const;
    await expect(temporary.store.runs.addEvent(event)).rejects.toThrow(/[Ff]oreign key/);
  });
});

test("the engines of open and of recent runs are told once each", async () => {
  await using temporary = await openTemporaryStore();
  const { runs } = temporary.store;
  const prod = { context: "prod", endpoint: "tcp://prod:2376" };
  const old = { context: "old", endpoint: "unix:///old.sock" };
  const startedAt = "2026-01-01T00:00:00.000Z";
  await runs.create(makeRun({ engine: prod }), testOwner);
  await runs.create(makeRun({ engine: prod, state: "ready", startedAt }), testOwner);
  await runs.create(makeRun({ engine: old, state: "ended", startedAt }), testOwner);
  await runs.create(makeRun({ engine: null }), testOwner);
  expect(await runs.engines("2026-11-01T00:00:00.000Z")).toEqual([prod]);
  expect(await runs.engines(startedAt)).toHaveLength(2);
});
