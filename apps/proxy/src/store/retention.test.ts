import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { describe, expect, test } from "vitest";
import { connectDatabase } from "./connect-database.ts";
import type { Store } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

describe("pruning", () => {
  test("by age deletes ended runs and all that hangs on them, and nothing else", async () => {
    await using temporary = await openTemporaryStore();
    const { store } = temporary;
    const old = makeRun({ server: "a", state: "ended", startedAt: day(1) });
    const open = makeRun({ server: "a", state: "ready", startedAt: day(1) });
    const recent = makeRun({ server: "b", state: "ended", startedAt: day(20) });
    await fill(store, [old, open, recent]);
    await store.audit.add(auditEntry(day(1)));
    await store.audit.add(auditEntry(day(20)));
    const policy = { before: day(10) };
    const plan = await store.retention.plan(policy);
    expect(plan).toMatchObject({
      before: day(10),
      runs: 1,
      runsByServer: [{ value: "a", runs: 1 }],
      runsKept: 2,
      auditEntries: 1,
    });
    expect((await store.runs.list({ limit: 10 })).runs).toHaveLength(3);
    expect(await store.retention.prune(policy)).toMatchObject({ runs: 1, runsKept: 2 });
    expect((await store.runs.list({ limit: 10 })).runs.map(({ id }) => id)).toEqual([recent.id, open.id]);
    expect(await store.runs.events(old.id)).toEqual([]);
    expect(await store.runs.events(recent.id)).toHaveLength(1);
    expect((await store.audit.list({ limit: 10 })).entries).toHaveLength(1);
    const client = await connectDatabase(temporary.databasePath);
    const { rows } = await client.execute('SELECT count(*) AS "count" FROM "RunSample" WHERE "runId" = ?', [old.id]);
    expect(rows[0]?.["count"]).toBe(0);
    client.close();
  });

  test("by number keeps the newest, and both bounds together the fewer", { timeout: 60_000 }, async () => {
    await using temporary = await openTemporaryStore();
    const { store } = temporary;
    const runs = Array.from({ length: 500 }, (_unused, index) => makeRun({ state: "ended", startedAt: day(index) }));
    for (const run of runs) await store.runs.create(run, testOwner);
    expect(await store.retention.prune({ maxRuns: 300, before: day(100) })).toMatchObject({ runs: 200, runsKept: 300 });
    expect(await store.retention.prune({ maxRuns: 300, before: day(250) })).toMatchObject({ runs: 50, runsKept: 250 });
    const { runs: left } = await store.runs.list({ limit: 500 });
    expect(left.map(({ id }) => id)).toEqual(
      runs
        .slice(250)
        .map(({ id }) => id)
        .toReversed(),
    );
  });

  test("stops with the signal, and goes on the next time", async () => {
    await using temporary = await openTemporaryStore();
    await fill(temporary.store, [makeRun({ state: "ended", startedAt: day(1) })]);
    const policy = { before: day(5) };
    await temporary.store.retention.prune(policy, AbortSignal.abort());
    expect((await temporary.store.runs.list({ limit: 5 })).runs).toHaveLength(1);
    await temporary.store.retention.prune(policy);
    expect((await temporary.store.runs.list({ limit: 5 })).runs).toEqual([]);
  });

  test("forgets what only deleted verdicts said", async () => {
    await using temporary = await openTemporaryStore();
    const { store } = temporary;
    const said = (summary: string) => ({ kind: "app_error", confidence: "certain", summary, evidence: [] }) as const;
    const verdicts = ["only once", "again and again", "again and again"].map(said);
    for (const [index, verdict] of verdicts.entries())
      await store.runs.create(makeRun({ state: "ended", startedAt: day(index), verdict }), testOwner);
    await store.retention.prune({ before: day(2) });
    const client = await connectDatabase(temporary.databasePath);
    expect((await client.execute('SELECT "text" FROM "RunSummary"')).rows).toMatchObject([{ text: "again and again" }]);
    client.close();
  });

  test("gives the space back to the disk", async () => {
    await using temporary = await openTemporaryStore();
    const { store } = temporary;
    const stderrTail = ["x".repeat(50_000)];
    for (let index = 0; index < 50; index += 1)
      await store.runs.create(makeRun({ state: "ended", startedAt: day(1), stderrTail }), testOwner);
    const { bytesBefore, bytesAfter } = await store.retention.prune({ before: day(2) });
    expect(bytesBefore).toBeGreaterThan(2_000_000);
    expect(bytesAfter).toBeLessThan(bytesBefore / 5);
  });

  test.each([
    ["nothing is asked for", {}],
    ["nothing is old", { before: day(0) }],
    ["there are fewer than the bound", { maxRuns: 10 }],
  ])("does nothing when %s", async (_name, policy) => {
    await using temporary = await openTemporaryStore();
    await fill(temporary.store, [makeRun({ state: "ended", startedAt: day(5) })]);
    expect(await temporary.store.retention.prune(policy)).toMatchObject({ runs: 0, runsKept: 1 });
  });
});

describe("reviews, audit and outages", () => {
  test("a review is replaced by the next one, and goes with its run", async () => {
    await using temporary = await openTemporaryStore();
    const { reviews, runs, retention } = temporary.store;
    const run = makeRun({ state: "ended", startedAt: day(1) });
    await runs.create(run, testOwner);
    const review = { runId: run.id, state: "acknowledged", note: "known", actor: "api key", at: day(2) } as const;
    await reviews.put({ ...review, state: "open", note: null });
    await reviews.put(review);
    expect(await reviews.of([run.id, "other"])).toEqual(new Map([[run.id, review]]));
    await retention.prune({ before: day(3) });
    expect(await reviews.of([run.id])).toEqual(new Map());
    await expect(reviews.put({ ...review, runId: "nobody" })).rejects.toThrow("no run nobody");
  });

  test("audit entries come in pages, newest first, also of one server", async () => {
    await using temporary = await openTemporaryStore();
    const { audit } = temporary.store;
    for (let index = 0; index < 5; index += 1)
      await audit.add({ ...auditEntry(day(index)), server: index % 2 === 0 ? "a" : "b" });
    const first = await audit.list({ limit: 2 });
    expect(first.entries.map(({ at }) => at)).toEqual([day(4), day(3)]);
    const second = await audit.list({ limit: 3, before: first.nextCursor ?? 0 });
    expect(second.entries.map(({ at }) => at)).toEqual([day(2), day(1), day(0)]);
    expect(second.nextCursor).toBeNull();
    expect((await audit.list({ limit: 9, server: "b" })).entries.map(({ at }) => at)).toEqual([day(3), day(1)]);
  });

  test("an outage is one record from its first sign to its end", async () => {
    await using temporary = await openTemporaryStore();
    const { outages } = temporary.store;
    const place = { context: "default", endpoint: "unix:///a", reason: "no socket" };
    await outages.begin({ ...place, from: day(1) });
    await outages.begin({ ...place, from: day(2) });
    await outages.begin({ ...place, endpoint: "unix:///b", from: day(3) });
    await outages.end({ endpoint: "unix:///a", at: day(4) });
    await outages.end({ endpoint: "unix:///a", at: day(5) });
    expect(await outages.list(10)).toMatchObject([
      { endpoint: "unix:///b", from: day(3), to: null },
      { endpoint: "unix:///a", from: day(1), to: day(4) },
    ]);
  });
});

function day(index: number): string {
  return new Date(Date.parse("2026-01-01T00:00:00.000Z") + index * 86_400_000).toISOString();
}

function auditEntry(at: string) {
  return { at, actor: "api key", action: "stop", server: "a", runId: null, detail: null } as const;
}

async function fill(store: Store, runs: readonly RunRecord[]): Promise<void> {
  for (const run of runs) {
    await store.runs.create(run, testOwner);
    await store.runs.addEvent({ runId: run.id, at: run.startedAt, kind: "decided", message: "x", durationMs: null });
    await store.runs.recordIntent(run.id, { at: run.startedAt, actor: "me", reason: { kind: "user" } });
    await store.runs.addSamples([
      { runId: run.id, at: run.startedAt, memoryBytes: 1, peakBytes: null, cpuCores: null },
    ]);
    await store.runs.samples(run.id);
  }
}
