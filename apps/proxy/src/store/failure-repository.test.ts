import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { Verdict, VerdictKind } from "@mcpproxy/core/verdict/verdict";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectDatabase } from "./connect-database.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore, type TemporaryStore } from "./testing/temporary-store.ts";
import { until } from "../testing/until.ts";

const dayMs = 86_400_000;
const firstDay = Math.floor(Date.parse("2026-11-10T00:00:00Z") / dayMs);
const sinceDay = { sinceDay: firstDay };
let temporary: TemporaryStore;
let store: Store;

beforeEach(async () => {
  temporary = await openTemporaryStore();
  store = temporary.store;
});
afterEach(() => temporary[Symbol.asyncDispose]());

const verdictOf = (kind: VerdictKind): Verdict => ({ kind, confidence: "certain", summary: kind, evidence: [] });

/** As the supervisor does it: first begun, then ended. */
async function addRun(endedAt: string, fields: Partial<RunRecord> = {}): Promise<string> {
  const run = makeRun({ server: "a", startedAt: endedAt });
  await store.runs.create(run, testOwner);
  await store.runs.update(run.id, {
    state: "ended",
    verdict: verdictOf("app_error"),
    exitCode: 3,
    endedAt,
    stderrTail: ["Error: row 17 is bad"],
    ...fields,
  });
  return run.id;
}

const acknowledge = async (at: string): Promise<void> => {
  const [group] = await store.failures.list(sinceDay);
  await store.failures.review(group?.fingerprint ?? "", {
    decision: "acknowledged",
    decidedAt: at,
    decidedBy: "ann",
    note: "known",
  });
};

test("runs that failed in the same way are one group, whatever the numbers in their line", async () => {
  const call = { method: "tools/call", sessionId: "s", ageMs: 5 };
  await addRun("2026-11-20T10:00:00Z", { callsInFlight: [call, call] });
  const last = await addRun("2026-11-21T10:00:00Z", { stderrTail: ["Error: row 99 is bad"], callsInFlight: [call] });
  await addRun("2026-11-21T09:00:00Z", { verdict: verdictOf("completed"), exitCode: 0 });
  const groups = await store.failures.list(sinceDay);
  expect(groups).toEqual([
    expect.objectContaining({
      server: "a",
      verdict: "app_error",
      exitCode: 3,
      line: "Error: row <n> is bad",
      runs: 2,
      callsAffected: 3,
      firstSeen: "2026-11-20T10:00:00.000Z",
      lastSeen: "2026-11-21T10:00:00.000Z",
      lastRunId: last,
      unreviewedRuns: 2,
      decision: null,
      days: [
        { day: firstDay + 10, runs: 1 },
        { day: firstDay + 11, runs: 1 },
      ],
    }),
  ]);
  const fingerprint = groups[0]?.fingerprint ?? "";
  expect(await store.failures.find(fingerprint, sinceDay)).toEqual(groups[0]);
  expect(await store.failures.find("0", sinceDay)).toBeUndefined();
  expect((await store.failures.runs(fingerprint, 1)).map(({ id }) => id)).toEqual([last]);
  expect(await store.failures.countSince("2026-11-21T00:00:00Z")).toEqual([{ value: "app_error", runs: 1 }]);
});

test("what a run of another server, verdict, code or line does is another group", async () => {
  const at = "2026-11-20T10:00:00Z";
  await addRun(at);
  await addRun(at, { exitCode: 4 });
  await addRun(at, { stderrTail: ["Error: other"] });
  await addRun(at, { verdict: verdictOf("oom_killed") });
  expect(await store.failures.list(sinceDay)).toHaveLength(4);
});

test("acknowledging a group acknowledges its runs up to then; a later one is open", async () => {
  const early = await addRun("2026-11-20T10:00:00Z");
  await acknowledge("2026-11-20T12:00:00Z");
  const reviews = await store.reviews.of([early]);
  expect(reviews.get(early)).toEqual({
    runId: early,
    state: "acknowledged",
    note: "known",
    actor: "ann",
    at: "2026-11-20T12:00:00.000Z",
  });
  expect((await store.failures.list(sinceDay))[0]?.unreviewedRuns).toBe(0);
  const late = await addRun("2026-11-20T13:00:00Z");
  expect((await store.reviews.of([late])).size).toBe(0);
  expect((await store.failures.list(sinceDay))[0]).toMatchObject({ unreviewedRuns: 1, runs: 2 });
});

test("a run that was judged by itself counts with its group, and the later word counts", async () => {
  const id = await addRun("2026-11-20T10:00:00Z");
  const judge = (state: "open" | "acknowledged", at: string) =>
    store.reviews.put({ runId: id, state, note: null, actor: "bob", at });
  const unreviewed = async () => (await store.failures.list(sinceDay))[0]?.unreviewedRuns;
  await judge("acknowledged", "2026-11-20T11:00:00Z");
  expect(await unreviewed()).toBe(0);
  await judge("open", "2026-11-20T11:30:00Z");
  expect(await unreviewed()).toBe(1);
  await acknowledge("2026-11-20T12:00:00Z");
  expect([await unreviewed(), (await store.reviews.of([id])).get(id)?.actor]).toEqual([0, "ann"]);
  await judge("open", "2026-11-20T13:00:00Z");
  expect([await unreviewed(), (await store.reviews.of([id])).get(id)?.state]).toEqual([1, "open"]);
});

test("pruning takes runs out of their groups, and groups without runs away", async () => {
  await addRun("2026-11-20T10:00:00Z");
  await addRun("2026-11-22T10:00:00Z");
  await store.retention.prune({ before: "2026-11-21T00:00:00Z" });
  expect(await store.failures.list(sinceDay)).toMatchObject([{ runs: 1, firstSeen: "2026-11-22T10:00:00.000Z" }]);
  await store.retention.prune({ before: "2026-11-23T00:00:00Z" });
  expect(await store.failures.list(sinceDay)).toEqual([]);
});

test("a run that is stored whole has a group too, and one whose verdict is taken back has none", async () => {
  const run = makeRun({ state: "ended", verdict: verdictOf("oom_killed"), endedAt: "2026-11-20T10:00:00Z" });
  await store.runs.create(run, testOwner);
  expect(await store.failures.list(sinceDay)).toMatchObject([{ verdict: "oom_killed", runs: 1 }]);
  await store.runs.update(run.id, { verdict: null });
  expect(await store.failures.list(sinceDay)).toEqual([]);
});

test("runs of earlier versions get their group after the start", async () => {
  await addRun("2026-11-20T10:00:00Z");
  await addRun("2026-11-20T11:00:00Z", { verdict: verdictOf("completed") });
  await store.close();
  const client = await connectDatabase(temporary.databasePath);
  await client.execute(`UPDATE "Run" SET "fingerprint" = '' WHERE "verdictKind" = 'app_error'`);
  await client.execute(`DELETE FROM "FailureGroup"`);
  expect((await client.execute(`SELECT * FROM "FailureTally"`)).rows).toEqual([]);
  client.close();
  const again = await openStore({ databasePath: temporary.databasePath, onNotice: () => undefined });
  try {
    await until(
      "the group of earlier runs",
      async () => {
        const [group] = await again.failures.list(sinceDay);
        return group?.runs === 1 && group.line === "Error: row <n> is bad" ? group : undefined;
      },
      30_000,
    );
  } finally {
    await again.close();
  }
});

test("strips, memory and exits of a server", async () => {
  const limits = { memoryBytes: 1_000, cpus: null, pids: null, network: null };
  const first = await addRun("2026-11-20T10:00:00Z", {
    limits,
    peakMemoryBytes: 900,
    verdict: verdictOf("oom_killed"),
  });
  const second = await addRun("2026-11-20T11:00:00Z", { durationMs: 5 });
  await addRun("2026-11-20T12:00:00Z", { verdict: verdictOf("completed") });
  const strips = await store.serverHistory.strips({ servers: ["a", "none"], limit: 3 });
  expect(strips.get("none")).toEqual([]);
  expect(
    strips
      .get("a")
      ?.map(({ id }) => id)
      .slice(0, 2),
  ).toEqual([first, second]);
  expect(strips.get("a")?.[1]).toMatchObject({ verdict: "app_error", durationMs: 5 });
  const uses = await store.serverHistory.memoryUses({ server: "a", since: "2026-11-20T00:00:00Z", limit: 10 });
  expect(uses.at(-1)).toMatchObject({ verdict: "oom_killed", limitBytes: 1_000, peakBytes: 900 });
  const times = { from: "2026-11-20T10:00:00Z", to: "2026-11-20T12:00:00Z" };
  expect(await store.serverHistory.exits({ server: "a", ...times })).toEqual({ exits: 2, memoryKills: 1, failures: 2 });
});
