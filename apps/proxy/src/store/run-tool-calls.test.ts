import { expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { connectDatabase } from "./connect-database.ts";
import type { ToolCallsOfHour } from "./store.ts";
import { makeRun, testOwner } from "./testing/make-run.ts";
import { openTemporaryStore } from "./testing/temporary-store.ts";
import { ToolCallsBuffer } from "./tool-calls-buffer.ts";

const hourMs = 3_600_000;
const run = makeRun({ server: "a" });
const hour = Math.floor(Date.parse(run.startedAt) / hourMs);
const row: ToolCallsOfHour = {
  runId: run.id,
  server: "a",
  tool: "echo",
  hour,
  calls: 3,
  errors: 1,
  cancelled: 1,
  totalMs: 4.5,
  maxMs: 4,
  buckets: [1, 0, 1],
};
const { runId: _runId, server: _server, hour: _hour, ...counts } = row;

function timeOf(hoursAfter: number): string {
  return new Date((hour + hoursAfter) * hourMs).toISOString();
}

test("counts of calls are there to read at once; a later count of the same hour replaces the earlier", async () => {
  await using temporary = await openTemporaryStore();
  const { runs } = temporary.store;
  await runs.create(run, testOwner);
  await runs.putToolCalls([{ ...row, calls: 2 }]);
  expect(await runs.toolCalls(run.id)).toEqual([{ ...counts, calls: 2 }]);
  await runs.putToolCalls([row]);
  await runs.putToolCalls([row, { ...row, hour: hour + 1, maxMs: 9 }]);
  expect(await runs.toolCalls(run.id)).toEqual([
    { ...counts, calls: 6, errors: 2, cancelled: 2, totalMs: 9, maxMs: 9, buckets: [2, 0, 2] },
  ]);
});

test("a server's calls are summed over its runs in the hours that are asked for", async () => {
  await using temporary = await openTemporaryStore();
  const { runs } = temporary.store;
  const [second, other] = [makeRun({ server: "a" }), makeRun({ server: "b" })];
  for (const one of [run, second, other]) await runs.create(one, testOwner);
  await runs.putToolCalls([
    row,
    { ...row, runId: second.id, hour: hour + 1 },
    { ...row, runId: second.id, hour: hour + 2, tool: "add", calls: 100 },
    { ...row, runId: other.id, server: "b" },
  ]);
  const callsIn = async (from: string, to?: string) =>
    (await runs.serverToolCalls({ server: "a", from, to })).map(({ tool, calls }) => [tool, calls]);
  expect(await callsIn(timeOf(0))).toEqual([
    ["add", 100],
    ["echo", 6],
  ]);
  expect(await callsIn(timeOf(1.5), timeOf(1.9))).toEqual([["echo", 3]]);
  expect(await callsIn(timeOf(3))).toEqual([]);
});

test("more rows than a statement takes are all written, those of unknown runs left out", async () => {
  await using temporary = await openTemporaryStore();
  const { runs } = temporary.store;
  await runs.create(run, testOwner);
  const many = Array.from({ length: 500 }, (_unused, index) => ({ ...row, tool: `tool-${index}` }));
  await runs.putToolCalls([...many, { ...row, runId: "nobody" }]);
  expect(await runs.toolCalls(run.id)).toHaveLength(500);
  expect(await runs.toolCalls("nobody")).toEqual([]);
});

test("counts are on the disk within moments without anybody asking, and go with their run", async () => {
  await using temporary = await openTemporaryStore();
  const { store, databasePath } = temporary;
  await store.runs.create({ ...run, state: "ended", endedAt: run.startedAt }, testOwner);
  await store.runs.putToolCalls([row]);
  const client = await connectDatabase(databasePath);
  const rows = async () => (await client.execute('SELECT "tool" FROM "RunToolCalls"')).rows;
  expect((await until("a row", async () => (await rows())[0]))["tool"]).toBe("echo");
  await store.retention.prune({ before: "2100-01-01T00:00:00Z" });
  expect(await rows()).toEqual([]);
  client.close();
});

test("while the disk takes nothing the newest rows wait, each in its newest form", async () => {
  const written: ToolCallsOfHour[] = [];
  let isHeldUp = true;
  const buffer = new ToolCallsBuffer({
    write: async (rows) => void written.push(...rows),
    isHeldUp: () => isHeldUp,
    onError: (error) => expect.fail(String(error)),
  });
  buffer.put(Array.from({ length: 20_001 }, (_unused, index) => ({ ...row, hour: index })));
  await buffer.flush();
  expect(written).toEqual([]);
  buffer.put([{ ...row, hour: 1, calls: 99 }]);
  isHeldUp = false;
  await buffer.flush();
  expect(written).toHaveLength(20_000);
  expect(written[0]).toMatchObject({ hour: 1, calls: 99 });
});
