import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { describe, expect, test } from "vitest";
import { InvalidCursorError } from "./store-error.ts";
import type { RunQuery, Store } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";

describe("list of runs", () => {
  test("pages have no gap and no duplicate when runs share a millisecond", async () => {
    await using temporary = await openTemporaryStore();
    const runs = Array.from({ length: 57 }, (_unused, index) => makeRun({ startedAt: timeAt(Math.floor(index / 10)) }));
    await createAll(temporary.store, shuffled(runs));
    const pages = await allPages(temporary.store, { limit: 4 });
    expect(pages.map((run) => run.id)).toEqual(newestFirst(runs).map((run) => run.id));
  });

  test("a page that ends exactly at the last run has no next page", async () => {
    await using temporary = await openTemporaryStore();
    await createAll(temporary.store, [makeRun(), makeRun()]);
    const page = await temporary.store.runs.list({ limit: 2 });
    expect(page.runs).toHaveLength(2);
    expect(page.nextCursor).toBeNull();
    expect(await temporary.store.runs.list({ limit: 2, server: "nobody" })).toEqual({ runs: [], nextCursor: null });
  });

  test("runs that start while someone pages do not shift the pages", async () => {
    await using temporary = await openTemporaryStore();
    const runs = Array.from({ length: 6 }, (_unused, index) => makeRun({ startedAt: timeAt(index) }));
    await createAll(temporary.store, runs);
    const first = await temporary.store.runs.list({ limit: 3 });
    await createAll(temporary.store, [makeRun({ startedAt: timeAt(100) })]);
    const second = await temporary.store.runs.list({ limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.runs, ...second.runs].map((run) => run.id)).toEqual(newestFirst(runs).map((run) => run.id));
  });

  test.each<[string, Partial<RunQuery>, string[]]>([
    ["server", { server: "memory" }, ["c"]],
    ["state", { state: "ended" }, ["a", "c"]],
    ["verdict", { verdict: "app_error" }, ["a"]],
    ["from is inclusive, to is exclusive", { from: timeAt(1), to: timeAt(2) }, ["b"]],
    ["from with another offset", { from: "2026-11-23T20:00:02.000+01:00" }, ["c"]],
    ["text in the server, any case", { text: "MEMO" }, ["c"]],
    ["text in the image", { text: "Python:3" }, ["b"]],
    ["text in the verdict", { text: "exited WITH" }, ["a"]],
    ["text is no pattern", { text: "%" }, ["c"]],
    ["_ is no pattern", { text: "n_de" }, []],
    ["text with a quote", { text: "'" }, []],
    ["empty text", { text: "" }, ["a", "b", "c"]],
    ["several servers", { server: ["memory", "everything"] }, ["a", "b", "c"]],
    ["several verdicts", { verdict: ["app_error", "oom_killed"] }, ["a", "c"]],
    ["the image", { image: "python:3.11" }, ["b"]],
    ["the exit code", { exitCode: [3, 4] }, ["a"]],
    ["a value that no run has", { image: ["ruby:3.4"] }, []],
    ["no value at all", { server: [] }, []],
    ["several at once", { state: "ended", server: "memory", text: "100%" }, ["c"]],
  ])("filters by %s", async (_name, filter, expected) => {
    await using temporary = await openTemporaryStore();
    await createAll(temporary.store, filterRuns());
    const page = await temporary.store.runs.list({ limit: 500, ...filter });
    expect(page.runs.map((run) => run.id).toSorted()).toEqual(expected);
  });

  test.each(["", "x", "bm9wZQ", Buffer.from('{"t":"1","id":"a"}').toString("base64url"), "..\u0000"])(
    "refuses the cursor %j",
    async (cursor) => {
      await using temporary = await openTemporaryStore();
      await expect(temporary.store.runs.list({ limit: 1, cursor })).rejects.toThrow(InvalidCursorError);
    },
  );

  test.each([0, 501, 1.5, Number.NaN])("refuses the limit %d", async (limit) => {
    await using temporary = await openTemporaryStore();
    await expect(temporary.store.runs.list({ limit })).rejects.toThrow(RangeError);
  });

  test.each<[string, Partial<RunQuery>]>([
    ["of one group", { server: "one", verdict: "app_error" }],
    ["of several groups", { server: ["one", "two"] }],
    ["with a text", { text: "wo" }],
    ["with a text and groups", { text: "wo", state: "ended" }],
  ])("pages %s are those of the whole list, filtered", async (_name, filter) => {
    await using temporary = await openTemporaryStore();
    await createAll(temporary.store, mixedRuns(60));
    const whole = await temporary.store.runs.list({ limit: 500, ...filter });
    expect(whole.runs.length).toBeGreaterThan(4);
    const pages = await allPages(temporary.store, { limit: 4, ...filter });
    expect(pages.map(({ id }) => id)).toEqual(newestFirst(whole.runs).map(({ id }) => id));
  });

  test("a filter that more groups match than are merged gives the same pages", async () => {
    await using temporary = await openTemporaryStore();
    const runs = Array.from({ length: 250 }, (_unused, index) =>
      ended(`${index}`.padStart(3, "0"), { server: `server-${index}`, startedAt: timeAt(index % 7) }),
    );
    await createAll(temporary.store, runs);
    const pages = await allPages(temporary.store, { limit: 40, state: "ended" });
    expect(pages.map(({ id }) => id)).toEqual(newestFirst(runs).map(({ id }) => id));
  });

  test("rows come without stderr, whole runs with it", async () => {
    await using temporary = await openTemporaryStore();
    await createAll(temporary.store, [makeRun({ stderrTail: ["bad"] })]);
    expect((await temporary.store.runs.list({ limit: 1 })).runs[0]?.stderrTail).toEqual(["bad"]);
    expect((await temporary.store.runs.list({ limit: 1, detail: "row" })).runs[0]?.stderrTail).toEqual([]);
  });

  test("the neighbours of a run are those of its list", async () => {
    await using temporary = await openTemporaryStore();
    const runs = mixedRuns(20);
    await createAll(temporary.store, runs);
    const list = newestFirst(runs).filter(({ server }) => server === "one");
    for (const [index, { id }] of list.entries()) {
      expect(await temporary.store.runs.neighbours(id, { server: "one" })).toEqual({
        newer: list[index - 1]?.id ?? null,
        older: list[index + 1]?.id ?? null,
      });
    }
    await expect(temporary.store.runs.neighbours("nobody", {})).rejects.toThrow("no run nobody");
  });

  test("the last ended run of each server, whatever is open now", async () => {
    await using temporary = await openTemporaryStore();
    await createAll(temporary.store, [
      ended("old", { endedAt: timeAt(5) }),
      ended("new", { endedAt: timeAt(9) }),
      ended("started later, ended earlier", { startedAt: timeAt(3), endedAt: timeAt(7) }),
      makeRun({ id: "open", state: "ready", startedAt: timeAt(50) }),
      ended("other", { server: "memory", endedAt: timeAt(1) }),
      makeRun({ server: "never-ended" }),
    ]);
    const last = await temporary.store.runs.lastEnded();
    expect([...last].map(([server, run]) => [server, run.id])).toEqual([
      ["everything", "new"],
      ["memory", "other"],
    ]);
  });

  test("an empty history has no last runs", async () => {
    await using temporary = await openTemporaryStore();
    expect(await temporary.store.runs.lastEnded()).toEqual(new Map());
  });
});

function filterRuns(): RunRecord[] {
  const failed = { kind: "app_error", confidence: "certain", summary: "Exited with code 3", evidence: [] } as const;
  const full = { kind: "oom_killed", confidence: "certain", summary: "Memory at 100%", evidence: [] } as const;
  return [
    ended("a", { startedAt: timeAt(0), verdict: failed, exitCode: 3 }),
    makeRun({ id: "b", startedAt: timeAt(1), image: "python:3.11" }),
    ended("c", { startedAt: timeAt(2), server: "memory", image: null, verdict: full }),
  ];
}

/** Servers, verdicts and states in all mixtures, several runs in each second. */
function mixedRuns(count: number): RunRecord[] {
  const verdicts = ["app_error", "oom_killed"] as const;
  return Array.from({ length: count }, (_unused, index) => {
    const kind = verdicts[index % 2] ?? "app_error";
    const fields = { server: ["one", "two", "three"][index % 3] ?? "one", startedAt: timeAt(Math.floor(index / 5)) };
    if (index % 4 === 0) return makeRun({ ...fields, state: "ready" });
    return ended(`run-${index}`, { ...fields, verdict: { kind, confidence: "certain", summary: kind, evidence: [] } });
  });
}

function ended(id: string, fields: Partial<RunRecord>): RunRecord {
  return makeRun({ id, state: "ended", endedAt: timeAt(60), ...fields });
}

function timeAt(second: number): string {
  return new Date(Date.parse("2026-11-23T19:00:00.000Z") + second * 1000).toISOString();
}

async function createAll(store: Store, runs: readonly RunRecord[]): Promise<void> {
  for (const run of runs) await store.runs.create(run, testOwner);
}

async function allPages(store: Store, query: RunQuery): Promise<readonly RunRecord[]> {
  const { runs, nextCursor } = await store.runs.list(query);
  return nextCursor === null ? runs : [...runs, ...(await allPages(store, { ...query, cursor: nextCursor }))];
}

function newestFirst(runs: readonly RunRecord[]): readonly RunRecord[] {
  const sortKey = (run: RunRecord) => `${run.startedAt} ${run.id}`;
  return runs.toSorted((left, right) => (sortKey(left) < sortKey(right) ? 1 : -1));
}

// Every second run first: enough that the insertion order is not the order of the list.
function shuffled(runs: readonly RunRecord[]): readonly RunRecord[] {
  return [...runs.filter((_run, index) => index % 2 === 0), ...runs.filter((_run, index) => index % 2 === 1)];
}
