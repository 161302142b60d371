import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { makeRun, testOwner } from "../store/testing/make-run.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";

const runsAnswer = z.object({ data: z.object({ runs: z.array(z.looseObject({ id: z.string() })) }) });
const looseAnswer = z.object({ data: z.looseObject({}) });
const uuid = (index: number) => `019a0000-0000-7000-8000-${String(index).padStart(12, "0")}`;
const formula = '=HYPERLINK("http://evil.example","x")';
let running: TestService;

beforeAll(async () => {
  running = await startTestService({
    mcpServers: [everything, { name: "isolated", command: "npx", args: ["-y", "x"] }],
  });
  const { runs } = running.service.core.store;
  for (let index = 0; index < 250; index += 1) {
    const verdict = {
      kind: index % 2 === 0 ? "oom_killed" : "app_error",
      confidence: "certain",
      summary: index === 3 ? formula : `Number ${index}, "quoted"`,
      evidence: [],
    } as const;
    await runs.create(
      makeRun({
        id: uuid(index),
        server: index % 5 === 0 ? "rare" : "common",
        state: "ended",
        verdict,
        exitCode: index % 3,
        startedAt: new Date(Date.parse("2026-11-01T00:00:00Z") + index * 60_000).toISOString(),
        stderrTail: ["tail"],
      }),
      testOwner,
    );
  }
  await running.service.startServers();
});
afterAll(() => running[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${running.url}${path}`, { headers: { "x-api-key": running.apiKey, ...headers } });
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${running.url}/api/v1${path}`, {
    method: "POST",
    headers: { "x-api-key": running.apiKey },
    body: JSON.stringify(body),
  });

async function idsOf(query: string): Promise<readonly string[]> {
  const answer = runsAnswer.parse(await (await get(`/api/v1/runs?limit=500&${query}`)).json());
  return answer.data.runs.map(({ id }) => id);
}

describe("the list of runs", () => {
  test.each([
    ["server=rare", 50],
    ["server=rare&server=common", 250],
    ["server=rare,common&verdict=oom_killed", 125],
    ["verdict=oom_killed,app_error&exit_code=0", 84],
    ["exit_code=1,2&server=rare", 33],
    ["image=node:20&from=2026-11-01T00:00:00Z&to=2026-11-01T00:10:00Z", 10],
    ["q=Number%2024&state=ended", 11],
    ["server=&verdict=&from=2026-11-01T04:00:00Z&to=2026-11-01T05:00:00%2B00:00&state=&q=", 10],
  ])("?%s", async (query, count) => {
    expect(await idsOf(query)).toHaveLength(count);
  });

  test.each(["verdict=nonsense", "from=yesterday", "limit=0", "cursor=x", "exit_code=x"])(
    "refuses %s",
    async (query) => {
      const response = await get(`/api/v1/runs?${query}`);
      expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "invalid_request" } }]);
    },
  );

  test("facets and neighbours go with the filter", async () => {
    const facets = looseAnswer.parse(
      await (await get("/api/v1/runs/facets?server=rare&to=2026-11-02T00:00:00Z")).json(),
    );
    expect(facets.data).toMatchObject({
      total: 50,
      server: [
        { value: "common", runs: 200 },
        { value: "rare", runs: 50 },
      ],
      verdict: [
        { value: "app_error", runs: 25 },
        { value: "oom_killed", runs: 25 },
      ],
    });
    const beside = await (await get(`/api/v1/runs/${uuid(10)}/neighbours?server=rare`)).json();
    expect(beside).toMatchObject({ data: { newer: uuid(15), older: uuid(5) } });
    expect((await get(`/api/v1/runs/${uuid(999)}/neighbours`)).status).toBe(404);
  });
});

describe("the export", () => {
  test("as CSV is one record per run, safe for spreadsheets", async () => {
    const response = await get("/api/v1/runs/export?format=csv&server=common&q=x%22");
    expect(response.headers.get("content-type")).toContain("text/csv");
    const lines = (await response.text()).split("\r\n");
    expect(lines[0]).toMatch(/^id,server,state,verdict,/);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
    expect(lines.slice(2)).toEqual([""]);
  });

  test.each([
    ["json", (text: string): unknown => z.object({ runs: z.array(z.unknown()) }).parse(JSON.parse(text)).runs],
    [
      "ndjson",
      (text: string): unknown =>
        text
          .trimEnd()
          .split("\n")
          .map((line): unknown => JSON.parse(line)),
    ],
  ])("as %s has every run whole, in the list's order", async (format, read) => {
    const runs = z
      .array(z.looseObject({ id: z.string(), stderrTail: z.array(z.string()) }))
      .parse(read(await (await get(`/api/v1/runs/export?format=${format}&to=2026-11-02T00:00:00Z`)).text()));
    expect(runs.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_unused, index) => uuid(249 - index)));
    expect(runs[0]?.stderrTail).toEqual(["tail"]);
  });

  test("of nothing is well-formed", async () => {
    expect(await (await get("/api/v1/runs/export?format=json&server=nobody")).json()).toEqual({ runs: [] });
    expect(await (await get("/api/v1/runs/export?format=ndjson&server=nobody")).text()).toBe("");
    expect((await get("/api/v1/runs/export?format=xml")).status).toBe(400);
  });
});

test("a review is stored with who and when, shown with the run, and audited", async () => {
  const answer = await post(`/runs/${uuid(7)}/review`, { state: "acknowledged", note: " known leak " });
  const review = { state: "acknowledged", note: "known leak", actor: "api key" };
  expect(await answer.json()).toMatchObject({ data: review });
  expect(await (await get(`/api/v1/runs/${uuid(7)}`)).json()).toMatchObject({ data: { id: uuid(7), review } });
  expect(await (await get(`/api/v1/runs?q=Number%207,`)).json()).toMatchObject({ data: { runs: [{ review }] } });
  expect(await (await get("/api/v1/audit?limit=1")).json()).toMatchObject({
    data: { entries: [{ action: "review", actor: "api key", runId: uuid(7), detail: "acknowledged: known leak" }] },
  });
  expect((await post(`/runs/${uuid(999)}/review`, { state: "open" })).status).toBe(404);
  expect((await post(`/runs/${uuid(7)}/review`, { state: "deleted" })).status).toBe(400);
});

test("what people do with servers is audited", async () => {
  await until("ready", () => (running.service.core.supervisor.find("everything")?.isReady === true ? true : undefined));
  await post("/servers/everything/restart", { note: "try again" });
  await post("/servers/everything/stop", {});
  await post("/servers/everything/start", {});
  const answer = await (await get("/api/v1/audit?server=everything&limit=3")).json();
  expect(answer).toMatchObject({
    data: {
      entries: [
        { action: "start", server: "everything", actor: "api key" },
        { action: "stop", detail: null },
        { action: "restart", detail: "try again" },
      ],
    },
  });
});

test("the engine that was never there is an outage without end", async () => {
  const outages = await until("an outage", async () => {
    const { data } = z
      .object({ data: z.object({ outages: z.array(z.looseObject({})) }) })
      .parse(await (await get("/api/v1/docker/outages")).json());
    return data.outages[0] === undefined ? undefined : data.outages;
  });
  expect(outages).toMatchObject([{ endpoint: `unix://${running.dockerSocket}`, to: null }]);
});

describe("live logs", () => {
  test("follow a server from its tail on, chosen by stream, until the reader goes", async () => {
    const log = running.service.core.serverLogs.of("everything");
    log.stderr("before");
    const response = await openStream("/api/v1/servers/everything/logs?follow=true&stream=stderr&lines=1");
    const read = collect(response);
    await until("the tail", () => (read().includes("before") ? true : undefined));
    log.info("not this");
    log.stderr("after");
    await until("the new line", () => (read().includes("after\n") ? true : undefined));
    expect(read()).not.toContain("not this");
    response.destroy();
  });

  test("come as server-sent events when asked for", async () => {
    const log = running.service.core.serverLogs.of("everything");
    const response = await openStream("/api/v1/servers/everything/logs?follow=true&lines=1", {
      accept: "text/event-stream",
    });
    expect(response.headers["content-type"]).toBe("text/event-stream");
    const read = collect(response);
    await until("the head", () => (read() === "" ? undefined : true));
    log.stderr("an event");
    await until("the event", () => (/^data: .* an event\n\n/m.test(read()) ? true : undefined));
    response.destroy();
  });

  test("of an ended run end by themselves", async () => {
    const log = running.service.core.serverLogs.of("everything");
    const run = makeRun({ id: uuid(500), server: "everything", state: "ended", endedAt: new Date().toISOString() });
    await running.service.core.store.runs.create(run, testOwner);
    log.info(`Run ${run.id} ended: done`);
    const text = await (await get(`/api/v1/runs/${run.id}/logs?follow=true`)).text();
    expect(text).toContain("ended: done");
  });

  test("since a time leaves out what was before", async () => {
    const log = running.service.core.serverLogs.of("everything");
    const since = new Date(Date.now() + 60_000).toISOString();
    log.stderr("too early");
    const answer = await (await get(`/api/v1/servers/everything/logs?since=${since}`)).json();
    expect(answer).toMatchObject({ data: { lines: [] } });
  });
});

describe("/events", () => {
  test("resumes after a break with exactly what was missed", async () => {
    const { feed } = running.service.core;
    const first = await openStream("/events");
    const read = collect(first);
    await until("hello", () => (read().includes("event: hello") ? true : undefined));
    feed.publish({ kind: "server-removed", name: "one" });
    const one = await until("one", () => /id: (\S+)\nevent: server-removed\ndata: .*"one"/.exec(read())?.[1]);
    first.destroy();
    feed.publish({ kind: "server-removed", name: "two" });
    feed.publish({ kind: "server-removed", name: "three" });
    const second = await openStream("/events", { "last-event-id": one });
    const readAgain = collect(second);
    await until("three", () => (readAgain().includes('"three"') ? true : undefined));
    expect(readAgain()).not.toContain("event: hello");
    expect(readAgain().indexOf('"two"')).toBeLessThan(readAgain().indexOf('"three"'));
    second.destroy();
  });
});

test("/metrics needs the key, and tells runs, starts, servers and engine", async () => {
  expect((await fetch(`${running.url}/metrics`)).status).toBe(401);
  const response = await get("/metrics");
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const text = await response.text();
  expect(text).toMatch(/^mcpproxy_runs_total\{server="everything",verdict="stopped_by_user"\} \d/m);
  expect(text).toMatch(
    /^mcpproxy_start_duration_seconds_bucket\{server="everything",step="initialize",le="\+Inf"\} \d/m,
  );
  expect(text).toMatch(/^mcpproxy_server_state\{server="isolated",state="engine_unavailable"\} 1$/m);
  expect(text).toMatch(/^mcpproxy_engine_available\{context="DOCKER_HOST",endpoint=".*"\} 0$/m);
  expect(text).toMatch(/^mcpproxy_build_info\{version=".+"\} 1$/m);
  expect(text.split("\n").every((line) => /^(#.*|\w+(\{.*\})? \S+|)$/.test(line))).toBe(true);
});

async function openStream(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const asked = request(`${running.url}${path}`, { headers: { "x-api-key": running.apiKey, ...headers } });
  asked.end();
  const [response] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(asked, "response"));
  response.on("error", () => undefined);
  return response;
}

/** The text so far. */
function collect(response: IncomingMessage): () => string {
  let text = "";
  response.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
