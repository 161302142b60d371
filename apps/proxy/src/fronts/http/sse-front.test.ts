import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { CreateMessageRequestSchema, type Progress } from "@modelcontextprotocol/sdk/types.js";
import { expect, test } from "vitest";
import { everything, startTestService } from "../../testing/start-test-service.ts";
import { until } from "../../testing/until.ts";
import { openHttpFront } from "./testing/http-front.ts";
import { exchange, jsonHeaders, rpcRequest } from "./testing/raw-client.ts";

const deadlineMs = 90_000;
const streamHeaders = { accept: "text/event-stream" };

test(
  "the official client of HTTP+SSE works with a real server: tools, progress, sampling, and its session ends with it",
  async () => {
    await using started = await startTestService({ mcpServers: [everything] });
    const client = new Client({ name: "old", version: "1" }, { capabilities: { sampling: {} } });
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: "m",
      role: "assistant",
      content: { type: "text", text: "sampled" },
    }));
    await client.connect(new SSEClientTransport(new URL(`${started.url}/mcp/everything/sse`)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("echo");
    const progress: Progress[] = [];
    const long = { name: "trigger-long-running-operation", arguments: { duration: 0.2, steps: 2 } };
    await client.callTool(long, undefined, { onprogress: (one) => void progress.push(one) });
    // The client itself may lose the last progress before a result.
    expect(progress[0]).toMatchObject({ progress: 1, total: 2 });
    const sampled = await client.callTool({
      name: "trigger-sampling-request",
      arguments: { prompt: "p", maxTokens: 5 },
    });
    expect(JSON.stringify(sampled)).toContain("sampled");
    const server = started.service.core.supervisor.find("everything");
    expect(server?.bridge.sessionCount).toBe(1);
    await client.close();
    await until("the end of the session", () => server?.bridge.sessionCount === 0 || undefined, deadlineMs);
  },
  deadlineMs,
);

test(
  "answers and the server's own messages come on the one stream",
  async () => {
    await using front = await openHttpFront();
    const stream = await exchange({ method: "GET", url: `${front.url}/sse`, headers: streamHeaders });
    const [endpoint] = await stream.received(1);
    expect(endpoint).toMatchObject({ event: "endpoint" });
    expect(endpoint?.data).toMatch(/^\/mcp\/s\/messages\?sessionId=/);
    const url = new URL(endpoint?.data ?? "", front.url).href;
    const post = (message: object) =>
      exchange({ method: "POST", url, headers: jsonHeaders, body: JSON.stringify(message) });
    const params = { protocolVersion: "2024-11-05", capabilities: {}, clientInfo: {} };
    expect((await post(rpcRequest(0, "initialize", params))).status).toBe(202);
    await stream.received(2);
    await post(rpcRequest(1, "tools/list"));
    const { id } = await front.server.sentOf("tools/list");
    front.server.say({ method: "notifications/tools/list_changed" });
    front.server.say({ id, result: { tools: [] } });
    const events = await stream.received(4);
    expect(events.slice(1).map(({ data }): unknown => JSON.parse(data ?? ""))).toMatchObject([
      { id: 0, result: { protocolVersion: "2024-11-05" } },
      { method: "notifications/tools/list_changed" },
      { id: 1, result: { tools: [] } },
    ]);
    expect(events.map(({ event, id: eventId }) => [event, eventId])).toEqual([
      ["endpoint", undefined],
      ["message", undefined],
      ["message", undefined],
      ["message", undefined],
    ]);
  },
  deadlineMs,
);

test(
  "a client that goes away ends its session, and its calls are cancelled",
  async () => {
    await using front = await openHttpFront();
    const stream = await exchange({ method: "GET", url: `${front.url}/sse`, headers: streamHeaders });
    const [endpoint] = await stream.received(1);
    const url = new URL(endpoint?.data ?? "", front.url).href;
    const body = JSON.stringify(rpcRequest(1, "tools/call", { name: "t" }));
    await exchange({ method: "POST", url, headers: jsonHeaders, body });
    await front.server.sentOf("tools/call");
    stream.cut();
    await front.server.sentOf("notifications/cancelled");
    expect((await exchange({ method: "POST", url, headers: jsonHeaders, body })).status).toBe(404);
  },
  deadlineMs,
);

test(
  "a client whose initialize fails is told why, then its stream ends",
  async () => {
    await using front = await openHttpFront();
    const stream = await exchange({ method: "GET", url: `${front.url}/sse`, headers: streamHeaders });
    const [endpoint] = await stream.received(1);
    const url = new URL(endpoint?.data ?? "", front.url).href;
    const body = JSON.stringify(rpcRequest(0, "initialize", {}));
    expect((await exchange({ method: "POST", url, headers: jsonHeaders, body })).status).toBe(202);
    await stream.body();
    expect(JSON.parse(stream.events[1]?.data ?? "")).toMatchObject({ id: 0, error: { code: -32602 } });
  },
  deadlineMs,
);

test(
  "all servers together are there for old clients too",
  async () => {
    await using started = await startTestService({ mcpServers: [everything] });
    const client = new Client({ name: "old", version: "1" });
    await client.connect(new SSEClientTransport(new URL(`${started.url}/mcp/sse`)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("everything__echo");
    await client.close();
  },
  deadlineMs,
);

test(
  "what does not belong there is refused",
  async () => {
    await using front = await openHttpFront();
    const refusals = [
      await exchange({ method: "POST", url: `${front.url}/sse`, headers: jsonHeaders, body: "{}" }),
      await exchange({ method: "GET", url: `${front.url}/messages?sessionId=x`, headers: streamHeaders }),
      await exchange({ method: "POST", url: `${front.url}/messages?sessionId=x`, headers: jsonHeaders, body: "{}" }),
      await exchange({ method: "POST", url: `${front.url}/messages`, headers: jsonHeaders, body: "{}" }),
      await exchange({ method: "GET", url: `${front.url}/sse`, headers: { accept: "application/json" } }),
      await exchange({ method: "GET", url: `${front.url}/other`, headers: streamHeaders }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([405, 405, 404, 404, 406, 404]);
  },
  deadlineMs,
);
