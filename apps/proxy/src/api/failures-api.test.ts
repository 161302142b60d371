import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { makeRun, testOwner } from "../store/testing/make-run.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";

const groupSchema = z.looseObject({
  fingerprint: z.string(),
  state: z.string(),
  server: z.string(),
  lastRunId: z.string(),
  hasRecurred: z.boolean(),
  sparkline: z.array(z.number()),
});
const listSchema = z.object({ groups: z.array(groupSchema), counts: z.record(z.string(), z.number()) });
let running: TestService;

const verdict: Verdict = {
  kind: "app_error",
  confidence: "certain",
  summary: "Exited with code 3.",
  remedy: "Look at the log.",
  evidence: [],
};

async function fail(server: string, endedAt = new Date().toISOString()): Promise<string> {
  const run = makeRun({
    server,
    state: "ended",
    verdict,
    exitCode: 3,
    startedAt: endedAt,
    endedAt,
    stderrTail: ["Error: 1"],
  });
  await running.service.core.store.runs.create(run, testOwner);
  return run.id;
}

beforeAll(async () => {
  running = await startTestService({ mcpServers: [everything] });
  await fail("one");
  await fail("two");
});
afterAll(() => running[Symbol.asyncDispose]());

async function request(method: "GET" | "POST", path: string, body?: unknown): Promise<Response> {
  return await fetch(`${running.url}/api/v1${path}`, {
    method,
    headers: { "x-api-key": running.apiKey },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function ask<Value>(schema: z.ZodType<Value>, path: string, body?: unknown): Promise<Value> {
  const response = await request(body === undefined ? "GET" : "POST", path, body);
  return z.object({ data: schema }).parse(await response.json()).data;
}

async function groupOf(server: string) {
  const { groups } = await ask(listSchema, `/failures?server=${server}`);
  const [group] = groups;
  if (group === undefined) throw new Error(`No group of ${server}`);
  return group;
}

test("groups come with what to do, by filter, with counts", async () => {
  const list = await ask(listSchema, "/failures?state=open,snoozed&verdict=app_error");
  expect(list.groups.map(({ server }) => server).toSorted()).toEqual(["one", "two"]);
  expect(list.counts).toEqual({ open: 2, acknowledged: 0, snoozed: 0 });
  const group = await groupOf("one");
  expect(group).toMatchObject({ runs: 1, summary: "Exited with code 3.", remedy: "Look at the log.", exitCode: 3 });
  expect(group.sparkline).toHaveLength(14);
  expect(group.sparkline.at(-1)).toBe(1);
  expect((await ask(listSchema, "/failures?verdict=oom_killed")).groups).toEqual([]);
});

test("acknowledged with a note, its runs are too; it opens by itself when it happens again", async () => {
  const { fingerprint, lastRunId } = await groupOf("one");
  const acknowledged = await ask(groupSchema, `/failures/${fingerprint}/acknowledge`, { note: "known" });
  expect(acknowledged).toMatchObject({ state: "acknowledged", note: "known", decidedBy: "api key" });
  const run = await ask(z.looseObject({}), `/runs/${lastRunId}`);
  expect(run).toMatchObject({ review: { state: "acknowledged", note: "known", actor: "api key" } });
  await fail("one", new Date(Date.now() + 1_000).toISOString());
  expect(await groupOf("one")).toMatchObject({ state: "open", hasRecurred: true, runs: 2 });
});

test("snoozed, opened, assigned and noted", async () => {
  const { fingerprint } = await groupOf("two");
  const act = (action: string, body: unknown) => ask(groupSchema, `/failures/${fingerprint}/${action}`, body);
  expect(await act("snooze", { time: "7d" })).toMatchObject({ state: "snoozed", snoozedUntil: expect.any(String) });
  expect(await act("reopen", {})).toMatchObject({ state: "open", hasRecurred: false, snoozedUntil: null });
  expect(await act("snooze", { time: "next" })).toMatchObject({ state: "snoozed", snoozedUntil: null });
  expect(await act("assign", { assignee: "Ann" })).toMatchObject({ assignee: "Ann" });
  expect((await ask(listSchema, "/failures?assignee=Ann")).groups).toHaveLength(1);
  expect(await act("assign", { assignee: "" })).toMatchObject({ assignee: null });
  expect(await act("note", { note: "later" })).toMatchObject({ note: "later", state: "snoozed" });
  const { entries } = await ask(z.object({ entries: z.array(z.looseObject({})) }), "/audit?server=two");
  expect(entries.map(({ action }) => action)).toEqual([
    "note-failures",
    "assign-failures",
    "assign-failures",
    "snooze-failures",
    "reopen-failures",
    "snooze-failures",
  ]);
  expect(entries[0]).toMatchObject({ actor: "api key", at: expect.any(String), runId: expect.any(String) });
});

test("its runs", async () => {
  const { fingerprint, lastRunId } = await groupOf("two");
  const { runs } = await ask(
    z.object({ runs: z.array(z.looseObject({ id: z.string() })) }),
    `/failures/${fingerprint}/runs`,
  );
  expect(runs.map(({ id }) => id)).toEqual([lastRunId]);
});

test.each([
  { method: "GET", path: "/failures/0000000000000000", status: 404, code: "failure_not_found" },
  { method: "POST", path: "/failures/0000000000000000/acknowledge", body: {}, status: 404, code: "failure_not_found" },
  { method: "GET", path: "/failures/x", status: 400, code: "invalid_request" },
  { method: "GET", path: "/failures?state=x", status: 400, code: "invalid_request" },
  {
    method: "POST",
    path: "/failures/0000000000000000/snooze",
    body: { time: "1y" },
    status: 400,
    code: "invalid_request",
  },
] as const)("$method $path is refused with $code", async (refused) => {
  const response = await request(refused.method, refused.path, "body" in refused ? refused.body : undefined);
  expect([response.status, await response.json()]).toMatchObject([refused.status, { error: { code: refused.code } }]);
});

test("the overview tells what failed last, and what there is to see to", async () => {
  const data = await ask(z.looseObject({}), "/overview");
  expect(data).toMatchObject({
    failureCounts: { open: 1, snoozed: 1 },
    openFailures: [{ server: "one" }],
    failedToday: [{ value: "app_error", runs: 3 }],
    lastFailure: { server: "one", verdict: "app_error" },
    servers: [{ name: "everything", runs: [] }],
    headroom: { hostBytes: null, containers: 0 },
  });
});

test("no advice where nothing was killed and nothing is known", async () => {
  expect(await ask(z.object({ limits: z.array(z.unknown()) }), "/limit-advice")).toEqual({ limits: [] });
});
