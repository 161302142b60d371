import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { legacyClient, modernClient } from "./testing/all-servers.ts";

const deadlineMs = 60_000;

/** A server of the modern era: "ask" needs a sampling or a form, "more" adds a tool and tells whoever listens. */
const modernProgram = `
  const version = "2026-07-28";
  const done = (result) => ({ resultType: "complete", ...result });
  const tools = ["ask", "form", "more"].map((name) => ({ name, inputSchema: { type: "object" } }));
  const questions = {
    ask: { method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } },
    form: { method: "elicitation/create", params: { mode: "form", message: "m", requestedSchema: { type: "object", properties: {} } } },
  };
  let listening;
  const say = (message) => console.log(JSON.stringify({ jsonrpc: "2.0", ...message }));
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    if (params?._meta?.["io.modelcontextprotocol/protocolVersion"] !== version)
      return say({ id, error: { code: -32022, message: "Unsupported protocol version", data: { supported: [version] } } });
    const cached = { ttlMs: 0, cacheScope: "private" };
    if (method === "server/discover")
      return say({ id, result: done({ ...cached, supportedVersions: [version], capabilities: { tools: { listChanged: true } } }) });
    if (method === "tools/list") return say({ id, result: done({ ...cached, tools }) });
    if (method === "subscriptions/listen") {
      listening = id;
      const _meta = { "io.modelcontextprotocol/subscriptionId": id };
      return say({ method: "notifications/subscriptions/acknowledged", params: { _meta, notifications: params.notifications } });
    }
    if (method !== "tools/call") return say({ id, error: { code: -32601, message: "unknown" } });
    if (params.name === "more") {
      tools.push({ name: "newest", inputSchema: { type: "object" } });
      const _meta = { "io.modelcontextprotocol/subscriptionId": listening };
      say({ method: "notifications/tools/list_changed", params: { _meta } });
      return say({ id, result: done({ content: [] }) });
    }
    const answer = params.inputResponses?.q;
    if (answer === undefined)
      return say({ id, result: { resultType: "input_required", inputRequests: { q: questions[params.name] }, requestState: "s" } });
    say({ id, result: done({ content: [{ type: "text", text: params.requestState + JSON.stringify(answer) }] }) });
  });
`;
const modern = {
  name: "modern",
  command: process.execPath,
  args: ["-e", modernProgram],
  isolation: { enabled: false },
};
const perSession = { ...everything, name: "own", isolation: { enabled: false, scope: "session" } };

let started: TestService;
let url: string;

beforeAll(async () => {
  started = await startTestService({ mcpServers: [modern, perSession] });
  url = `${started.url}/mcp`;
  await started.service.startServers();
}, deadlineMs);
afterAll(() => started[Symbol.asyncDispose](), deadlineMs);

describe("a server of the modern era among all servers", () => {
  test("asks a client of the legacy era what it needs", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { city: "Rome" } }));
    const result = await client.callTool({ name: "modern__form", arguments: {} });
    expect(JSON.stringify(result)).toContain("Rome");
    await client.close();
  });

  test("asks a client of the modern era what it needs", { timeout: deadlineMs }, async () => {
    const client = await modernClient(url, "modern sampled");
    const result = await client.callTool({ name: "modern__ask", arguments: {} });
    expect(JSON.stringify(result)).toContain("modern sampled");
    await client.close();
  });

  test("is listed anew when it has more tools", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    await client.callTool({ name: "modern__more", arguments: {} });
    const newest = await until(
      "the new tool",
      async () => (await client.listTools()).tools.find(({ name }) => name === "modern__newest"),
      deadlineMs,
    );
    expect(newest.inputSchema.type).toBe("object");
    await client.close();
  });
});

describe("a server with a run per session among all servers", () => {
  test("tells its tools, and leaves no run of the look behind", { timeout: deadlineMs }, async () => {
    const client = await legacyClient(url);
    const server = started.service.core.supervisor.find("own");
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("own__echo");
    await until("no run is left", () => (server?.record().runs === 0 ? true : undefined), deadlineMs);
    await client.close();
  });

  test("gives each client of all servers a run of its own", { timeout: deadlineMs }, async () => {
    const [one, other] = [await legacyClient(url), await legacyClient(url)];
    const server = started.service.core.supervisor.find("own");
    for (const client of [one, other]) {
      const result = await client.callTool({ name: "own__echo", arguments: { message: "x" } });
      expect(JSON.stringify(result)).toContain("Echo: x");
    }
    expect(server?.record().runs).toBe(2);
    await one.close();
    await other.close();
  });
});
