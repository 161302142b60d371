import { request } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { connectToLocalSocket, localSocketPath } from "../fronts/line/socket-client.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";

interface Refused {
  readonly what: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  readonly status: number;
}

const stateAnswer = z.object({ data: z.object({ state: z.string() }) });
const runsAnswer = z.object({ data: z.object({ runs: z.array(z.looseObject({})) }) });
const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
};
const isolated = { name: "isolated", command: "npx", args: ["-y", "some-server"] };
const misspelt = { name: "misspelt", command: "npx", isolation: { memory_limt: "64m" } };
let running: TestService;

beforeAll(async () => {
  running = await startTestService({ mcpServers: [everything, isolated, misspelt] });
  await running.service.startServers();
});
afterAll(() => running[Symbol.asyncDispose]());

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${running.url}${path}`, {
    method: "POST",
    headers: { ...json, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const api = (path: string, headers: Record<string, string> = { "x-api-key": running.apiKey }): Promise<Response> =>
  fetch(`${running.url}/api/v1${path}`, { headers });

async function read<Schema extends z.ZodType>(response: Promise<Response>, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await (await response).json());
}

async function openSession(): Promise<Record<string, string>> {
  const response = await post("/mcp/everything", initialize);
  const id = response.headers.get("mcp-session-id");
  if (id === null) throw new Error(await response.text());
  return { "mcp-session-id": id };
}

test("the Docker contexts say which engine is used, why, and by which servers", async () => {
  const contextsAnswer = z.object({ data: z.object({ contexts: z.array(z.looseObject({ name: z.string() })) }) });
  const { contexts } = (await read(api("/docker/contexts"), contextsAnswer)).data;
  expect(contexts.find(({ name }) => name === "DOCKER_HOST")).toMatchObject({
    endpoint: `unix://${running.dockerSocket}`,
    isDefault: true,
    reason: "DOCKER_HOST is set",
    state: "unavailable",
    problem: { message: expect.stringContaining("there is no socket") },
    servers: ["isolated"],
  });
  expect(contexts.find(({ name }) => name === "default")).toMatchObject({ isUsed: false, servers: [] });
});

describe("Streamable HTTP", () => {
  test("the official client initializes, lists and calls tools, and gets progress", async () => {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${running.url}/mcp/everything`)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("echo");
    expect(await client.callTool({ name: "echo", arguments: { message: "hä" } })).toMatchObject({
      content: [{ text: "Echo: hä" }],
    });
    const progress: number[] = [];
    await client.callTool(
      { name: "trigger-long-running-operation", arguments: { duration: 0.5, steps: 3 } },
      undefined,
      {
        onprogress: (update) => progress.push(update.progress),
      },
    );
    expect(progress.slice(0, 2)).toEqual([1, 2]);
    await client.close();
  });

  test("speaks the client's older version", async () => {
    expect(await (await post("/mcp/everything", initialize)).json()).toMatchObject({
      id: 1,
      result: { protocolVersion: "2025-06-18" },
    });
  });

  test.each<Refused>([
    { what: "no session", headers: {}, body: { jsonrpc: "2.0", id: 1, method: "ping" }, status: 400 },
    {
      what: "an unknown session",
      headers: { "mcp-session-id": "none" },
      body: { jsonrpc: "2.0", id: 1, method: "ping" },
      status: 404,
    },
    { what: "a body that is no JSON", headers: {}, body: "{", status: 400 },
    { what: "a batch", headers: {}, body: [initialize], status: 400 },
    { what: "another content type", headers: { "content-type": "text/plain" }, body: initialize, status: 415 },
    { what: "a client that accepts neither form", headers: { accept: "text/html" }, body: initialize, status: 406 },
    {
      what: "an unknown protocol version",
      headers: { "mcp-protocol-version": "1999-01-01" },
      body: initialize,
      status: 400,
    },
    { what: "a foreign origin", headers: { origin: "http://evil.example" }, body: initialize, status: 403 },
  ])("$what is refused", async ({ headers, body, status }) => {
    const response = await post("/mcp/everything", body, headers);
    expect(response.status).toBe(status);
    await response.text();
  });

  test("a session of one server is none of another's", async () => {
    const session = await openSession();
    expect((await post("/mcp/isolated", { jsonrpc: "2.0", id: 1, method: "ping" }, session)).status).toBe(404);
  });

  test("an unknown server is a 404 that names the known ones", async () => {
    const response = await post("/mcp/nothing", initialize);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("everything")]);
  });

  test("a session that was deleted is gone", async () => {
    const session = await openSession();
    expect((await fetch(`${running.url}/mcp/everything`, { method: "DELETE", headers: session })).status).toBe(204);
    expect((await post("/mcp/everything", { jsonrpc: "2.0", id: 1, method: "ping" }, session)).status).toBe(404);
  });

  test("a body over 16 MiB is refused", async () => {
    const response = await post(
      "/mcp/everything",
      `{"jsonrpc":"2.0","id":1,"method":"${"x".repeat(17 * 1024 * 1024)}"}`,
    ).catch(() => undefined);
    // The connection may break before the whole body is sent; what must not happen is an answer from the server.
    expect(response?.status ?? 413).toBe(413);
  });

  test("OAuth discovery gets a clean JSON 404", async () => {
    const response = await fetch(`${running.url}/.well-known/oauth-protected-resource/mcp/everything`);
    expect([response.status, await response.json()]).toMatchObject([404, { success: false }]);
  });
});

describe("servers that cannot run", () => {
  test("without an engine an isolated server says so, and never runs on the host", async () => {
    const server = await read(api("/servers/isolated"), z.object({ data: z.looseObject({}) }));
    expect(server.data).toMatchObject({
      state: "engine_unavailable",
      isolation: "docker",
      run: null,
      problem: { code: "engine_unavailable" },
    });
    expect(await (await post("/mcp/isolated", initialize)).json()).toMatchObject({
      error: { code: -32000, data: { reason: "engine_unavailable", retryable: true } },
    });
  });

  test("a misspelt limit refuses its server alone, with place and remedy", async () => {
    const answer = await read(
      post("/mcp/misspelt", initialize),
      z.object({ error: z.object({ message: z.string() }) }),
    );
    expect(answer.error.message).toMatch(/mcp_config\.json:\d+:\d+ .*memory_limt/);
    expect(answer.error.message).toContain("memory_limit");
  });
});

describe("the API", () => {
  test.each(["/servers", "/runs", "/status"])("%s wants a key", async (path) => {
    expect((await api(path, {})).status).toBe(401);
    expect((await api(path, { "x-api-key": "wrong" })).status).toBe(401);
    expect((await api(path, { authorization: `Bearer ${running.apiKey}` })).status).toBe(200);
    expect((await fetch(`${running.url}/api/v1${path}?apikey=${running.apiKey}`)).status).toBe(200);
  });

  test("tRPC wants one too", async () => {
    expect((await fetch(`${running.url}/trpc/servers.list`)).status).toBe(401);
  });

  test("a foreign Host is refused on every surface", async () => {
    for (const path of ["/mcp/everything", "/trpc/status", "/api/v1/status", "/healthz"]) {
      expect(await statusWithHost(`${running.url}${path}`, "evil.example"), path).toBe(403);
    }
  });

  test("a login link works once", async () => {
    const link = post("/api/v1/login-links", {}, { "x-api-key": running.apiKey });
    const { data } = await read(link, z.object({ data: z.object({ url: z.string() }) }));
    const token = new URL(data.url).searchParams.get("token");
    const first = post("/api/v1/browser-sessions", { token });
    const { data: session } = await read(first, z.object({ data: z.object({ secret: z.string() }) }));
    expect((await post("/api/v1/browser-sessions", { token })).status).toBe(401);
    const cookie = `mcpproxy_session=${session.secret}`;
    expect((await api("/status", { cookie })).status).toBe(200);
    expect((await api("/status", { cookie, origin: "http://localhost:5173" })).status).toBe(401);
    expect((await api("/status", { cookie: `${cookie}x` })).status).toBe(401);
  });

  test("stopping by a person is stored with who and why, and holds until a person starts it", async () => {
    const key = { "x-api-key": running.apiKey };
    await until(
      "everything is ready",
      async () => (await read(api("/servers/everything"), stateAnswer)).data.state === "ready" || undefined,
    );
    await post("/api/v1/servers/everything/stop", { note: "maintenance" }, key);
    const { data } = await read(api("/runs?server=everything"), runsAnswer);
    expect(data.runs[0]).toMatchObject({
      state: "ended",
      stoppedBy: "api key",
      verdict: { kind: "stopped_by_user", summary: expect.stringContaining("maintenance") },
    });
    expect(await (await post("/mcp/everything", initialize)).json()).toMatchObject({
      error: { message: expect.stringContaining("maintenance") },
    });
    await post("/api/v1/servers/everything/start", {}, key);
    expect(await (await post("/mcp/everything", initialize)).json()).toMatchObject({ result: { serverInfo: {} } });
  });
});

test("a session whose initialize failed is gone", async () => {
  const failed = await post("/mcp/isolated", initialize);
  const id = failed.headers.get("mcp-session-id") ?? "";
  expect(await failed.json()).toMatchObject({ error: {} });
  expect(
    (await post("/mcp/isolated", { jsonrpc: "2.0", id: 1, method: "ping" }, { "mcp-session-id": id })).status,
  ).toBe(404);
  expect(running.service.core.supervisor.find("isolated")?.bridge.sessionCount).toBe(0);
});

test("who has no key cannot make the API read a large body", async () => {
  const token = "x".repeat(2 * 1024 * 1024);
  expect((await post("/api/v1/browser-sessions", { token })).status).toBe(400);
});

test("at its end MCPProxy lets go of the clients on the local socket", async () => {
  await using own = await startTestService({ mcpServers: [everything] });
  const connection = await connectToLocalSocket(localSocketPath(own.paths.dataDirectory), "everything");
  if (connection.kind !== "connected") throw new Error(connection.kind);
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  connection.socket.once("close", () => resolve("closed")).resume();
  await own.service.close();
  expect(await closed).toBe("closed");
});

test("a data directory too deep for a socket path does not keep the service from running", async () => {
  await using own = await startTestService({ mcpServers: [everything] }, { dataDirName: "d".repeat(120) });
  expect((await fetch(`${own.url}/healthz`)).status).toBe(200);
});

test("a saved config is taken over, a broken one changes nothing and is shown", async () => {
  await using own = await startTestService({ mcpServers: [everything] });
  await own.service.startServers();
  const { core } = own.service;
  await until("ready", () => (core.supervisor.find("everything")?.isReady === true ? true : undefined));
  await own.writeConfig('{ "mcpServers": [ ');
  await until("the issue is shown", () => core.config.issues[0]);
  expect(core.supervisor.find("everything")?.isReady).toBe(true);
  await own.writeConfig(JSON.stringify({ mcpServers: [{ ...everything, name: "renamed" }] }));
  await until("the new server is there", () => core.supervisor.find("renamed"));
  await until(
    "the old one has its verdict",
    async () => (await own.service.core.store.runs.list({ limit: 1, state: "ended" })).runs[0],
  );
  expect(core.config.issues).toEqual([]);
});

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  request(url, { headers: { host } }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on("error", reject)
    .end();
  return promise;
}
