import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything, startTestService, type TestService } from "../../testing/start-test-service.ts";
import { until } from "../../testing/until.ts";

type Json = Readonly<Record<string, unknown>>;

let started: TestService;
let url: string;

beforeAll(async () => {
  started = await startTestService({ mcpServers: { everything: { ...everything, name: undefined } } });
  url = `${started.url}/mcp/everything`;
}, 60_000);
afterAll(() => started[Symbol.asyncDispose]());

function envelope(capabilities: Json = {}): Json {
  return {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  };
}

interface Exchange {
  readonly method: string;
  readonly params?: Json;
  readonly capabilities?: Json;
  /** In place of those that the body asks for; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Sends one request of the modern era. */
async function post({ method, params = {}, capabilities, headers = {} }: Exchange) {
  const name = params["name"] ?? params["uri"];
  const all = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof name === "string" ? { "mcp-name": name } : {}),
    ...headers,
  };
  const sent = Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  const body = { jsonrpc: "2.0", id: 7, method, params: { _meta: envelope(capabilities), ...params } };
  const response = await fetch(url, {
    method: "POST",
    headers: Object.fromEntries(sent),
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const lines = isStream ? text.split("\n").filter((line) => line.startsWith("data: ")) : [`data: ${text}`];
  const messages = lines.map((line): Json => JSON.parse(line.slice("data: ".length)));
  return { status: response.status, headers: response.headers, messages, answer: messages.at(-1) ?? {} };
}

describe("a client of the modern era at a real server of the legacy era", () => {
  test("discovers it, without a session", async () => {
    const { status, answer, headers } = await post({ method: "server/discover" });
    expect([status, headers.get("mcp-session-id")]).toEqual([200, null]);
    expect(answer).toMatchObject({
      id: 7,
      result: { resultType: "complete", supportedVersions: ["2026-07-28"], capabilities: { tools: {} } },
    });
  }, 60_000);

  test("calls a tool", async () => {
    const { status, answer } = await post({
      method: "tools/call",
      params: { name: "echo", arguments: { message: "é" } },
    });
    expect(status).toBe(200);
    expect(answer).toMatchObject({ result: { resultType: "complete", content: [{ type: "text", text: "Echo: é" }] } });
  }, 60_000);

  test("gets progress on the stream of its request", async () => {
    const { headers, messages } = await post({
      method: "tools/call",
      params: {
        name: "trigger-long-running-operation",
        arguments: { duration: 0.2, steps: 2 },
        _meta: { ...envelope(), progressToken: "p" },
      },
    });
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(messages).toMatchObject([
      { params: { progressToken: "p", progress: 1 } },
      { params: { progressToken: "p", progress: 2 } },
      { id: 7, result: { resultType: "complete" } },
    ]);
  }, 60_000);

  test("is asked for sampling with input_required, and gets the end of the same call", async () => {
    const exchange: Exchange = {
      method: "tools/call",
      params: { name: "trigger-sampling-request", arguments: { prompt: "p", maxTokens: 5 } },
      capabilities: { sampling: {} },
    };
    const { answer } = await post(exchange);
    const first = readInputRequired(answer);
    const answers = Object.keys(first.inputRequests).map((key) => [
      key,
      { role: "assistant", model: "m", content: { type: "text", text: "sampled" } },
    ]);
    const retry = { requestState: first.requestState, inputResponses: Object.fromEntries(answers) };
    const second = await post({ ...exchange, params: { ...exchange.params, ...retry } });
    expect(JSON.stringify(second.answer)).toContain("sampled");
    expect(second.answer).toMatchObject({ result: { resultType: "complete" } });
  }, 60_000);

  test("that closes its request cancels the call", async () => {
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 8,
      method: "tools/call",
      params: {
        name: "trigger-long-running-operation",
        arguments: { duration: 600, steps: 600 },
        _meta: { ...envelope(), progressToken: 1 },
      },
    });
    const request = httpRequest(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "trigger-long-running-operation",
      },
    });
    request.on("error", () => undefined);
    request.end(body);
    const server = started.service.core.supervisor.find("everything");
    await until("the call at the server", () => (server?.bridge.callsInFlight === 1 ? true : undefined), 30_000);
    request.destroy();
    await until("the end of the call", () => (server?.bridge.callsInFlight === 0 ? true : undefined), 30_000);
    expect((await post({ method: "tools/list" })).status).toBe(200);
  }, 90_000);

  test("hears of changes on a stream of its own, which begins with an acknowledgement", async () => {
    const abort = new AbortController();
    const response = await fetch(url, {
      method: "POST",
      signal: abort.signal,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "subscriptions/listen",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: "L",
        method: "subscriptions/listen",
        params: { _meta: envelope(), notifications: { toolsListChanged: true } },
      }),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(first?.value).toContain("notifications/subscriptions/acknowledged");
    expect(first?.value).toContain('"io.modelcontextprotocol/subscriptionId":"L"');
    abort.abort();
  }, 60_000);
});

function readInputRequired(answer: Json): { readonly inputRequests: Json; readonly requestState: string } {
  const { result } = answer;
  if (typeof result !== "object" || result === null) throw new Error(JSON.stringify(answer));
  if (!("inputRequests" in result) || !("requestState" in result)) throw new Error(JSON.stringify(answer));
  const { inputRequests, requestState } = result;
  if (typeof inputRequests !== "object" || inputRequests === null) throw new Error(JSON.stringify(answer));
  return { inputRequests: { ...inputRequests }, requestState: String(requestState) };
}

interface Refusal {
  readonly status: number;
  readonly code: number;
}

describe("what HTTP answers", () => {
  const echo: Exchange = { method: "tools/call", params: { name: "echo", arguments: { message: "m" } } };
  const encoded = `=?base64?${Buffer.from("echo").toString("base64")}?=`;

  test.each<[string, Exchange, Refusal]>([
    ["no Mcp-Method", { ...echo, headers: { "mcp-method": undefined } }, { status: 400, code: -32020 }],
    ["another Mcp-Method", { ...echo, headers: { "mcp-method": "tools/list" } }, { status: 400, code: -32020 }],
    [
      "an Mcp-Method in another case",
      { ...echo, headers: { "mcp-method": "TOOLS/CALL" } },
      { status: 400, code: -32020 },
    ],
    ["no Mcp-Name", { ...echo, headers: { "mcp-name": undefined } }, { status: 400, code: -32020 }],
    ["another Mcp-Name", { ...echo, headers: { "mcp-name": "get-env" } }, { status: 400, code: -32020 }],
    [
      "an Mcp-Name that is not valid Base64",
      { ...echo, headers: { "mcp-name": "=?base64?ZWNobw?=" } },
      { status: 400, code: -32020 },
    ],
    [
      "no MCP-Protocol-Version",
      { ...echo, headers: { "mcp-protocol-version": undefined } },
      { status: 400, code: -32020 },
    ],
    [
      "another MCP-Protocol-Version",
      { ...echo, headers: { "mcp-protocol-version": "2025-11-25" } },
      { status: 400, code: -32020 },
    ],
    ["no envelope", { method: "tools/list", params: { _meta: {} } }, { status: 400, code: -32602 }],
    [
      "an envelope without capabilities",
      { method: "tools/list", params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } } },
      { status: 400, code: -32602 },
    ],
    ["a method that was removed", { method: "ping" }, { status: 404, code: -32601 }],
    ["a method that the server does not know", { method: "no/such" }, { status: 404, code: -32601 }],
    [
      "a stream that the client does not accept",
      { method: "subscriptions/listen", headers: { accept: "application/json" } },
      { status: 406, code: -32600 },
    ],
  ])(
    "%s",
    async (_name, exchange, { status, code }) => {
      const { answer, ...rest } = await post(exchange);
      expect([rest.status, answer]).toMatchObject([status, { id: 7, error: { code } }]);
    },
    60_000,
  );

  test.each([
    ["an encoded name", encoded],
    ["a name with space around it", "  echo\t"],
  ])(
    "%s is accepted",
    async (_name, name) => {
      expect((await post({ ...echo, headers: { "mcp-name": name } })).status).toBe(200);
    },
    60_000,
  );

  test("a session id means nothing in this era", async () => {
    expect((await post({ ...echo, headers: { "mcp-session-id": "x" } })).status).toBe(200);
  }, 60_000);

  test.each(["GET", "DELETE"])("%s is not there in this era: 405", async (method) => {
    const headers = { "mcp-protocol-version": "2026-07-28", accept: "text/event-stream" };
    const response = await fetch(url, { method, headers });
    await response.text();
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("a notification is accepted, a response is not", async () => {
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
    };
    const send = async (message: object): Promise<number> => {
      const response = await fetch(url, {
        method: "POST",
        headers,
        body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      });
      await response.text();
      return response.status;
    };
    expect(await send({ method: "notifications/any" })).toBe(202);
    expect(await send({ id: 1, result: {} })).toBe(400);
    const broken = await fetch(url, { method: "POST", headers, body: "{" });
    expect(await broken.json()).toMatchObject({ error: { code: -32700 } });
  });
});
