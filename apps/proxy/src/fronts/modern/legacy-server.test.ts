import { describe, expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import { envelope, fakeServer } from "./testing/fake-server.ts";

const serverInfo = { "io.modelcontextprotocol/serverInfo": { name: "fake", version: "1" } };
const call = { id: "c", method: "tools/call", params: { name: "t", arguments: { a: 1 }, _meta: envelope() } };

describe("discovery and versions", () => {
  test("discover is answered from the handshake, with what the modern era has of the capabilities", async () => {
    const { ask, sent } = fakeServer();
    const answer = await ask({ id: 1, method: "server/discover", params: { _meta: envelope() } }).answer();
    expect(answer).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {
        resultType: "complete",
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
        instructions: "Be kind.",
        ttlMs: 0,
        cacheScope: "private",
        _meta: serverInfo,
      },
    });
    expect(sent).toEqual([]);
  });

  test("an unknown revision is answered with those that are known, and 400", async () => {
    const meta = { ...envelope(), "io.modelcontextprotocol/protocolVersion": "2027-01-01" };
    const request = fakeServer().ask({ id: 1, method: "tools/list", params: { _meta: meta } });
    expect(await request.answer()).toMatchObject({
      error: { code: -32022, data: { supported: ["2026-07-28"], requested: "2027-01-01" } },
    });
    expect(request.status).toBe(400);
  });

  test.each(["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"])(
    "%s is not there any more: 404",
    async (method) => {
      const { ask, sent } = fakeServer();
      const request = ask({ id: 1, method, params: { _meta: envelope() } });
      expect(await request.answer()).toMatchObject({ id: 1, error: { code: -32601 } });
      expect([request.status, sent]).toEqual([404, []]);
    },
  );
});

describe("a call", () => {
  test("loses its envelope on the way in and nothing else", async () => {
    const { ask, sentOf } = fakeServer();
    const meta = { traceparent: "00-x", ...envelope(), "com.example/own": [1], progressToken: "p" };
    ask({ ...call, params: { ...call.params, _meta: meta } });
    const sent = await sentOf("tools/call");
    expect(sent["params"]).toEqual({
      name: "t",
      arguments: { a: 1 },
      _meta: { traceparent: "00-x", "com.example/own": [1], progressToken: sent["id"] },
    });
  });

  test("gets resultType and the name of the server on the way out, and its own id", async () => {
    const { ask, sentOf, say } = fakeServer();
    const request = ask(call);
    const { id } = await sentOf("tools/call");
    say({ id, result: { content: [], structuredContent: { resultType: 7 } } });
    expect(await request.answer()).toEqual({
      jsonrpc: "2.0",
      id: "c",
      result: { resultType: "complete", _meta: serverInfo, content: [], structuredContent: { resultType: 7 } },
    });
  });

  test.each(["tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read"])(
    "of %s gets caching hints, unless the server gave some",
    async (method) => {
      const { ask, sentOf, say } = fakeServer();
      const request = ask({ id: 1, method, params: { uri: "a:b", _meta: envelope() } });
      const { id } = await sentOf(method);
      say({ id, result: { ttlMs: 5, _meta: { own: true } } });
      const { result } = await request.answer();
      expect(result).toEqual({
        resultType: "complete",
        ttlMs: 5,
        cacheScope: "private",
        _meta: { own: true, ...serverInfo },
      });
    },
  );

  test("gets progress before its result, under its own token", async () => {
    const { ask, sentOf, say } = fakeServer();
    const request = ask({ ...call, params: { ...call.params, _meta: { ...envelope(), progressToken: 9 } } });
    const { id } = await sentOf("tools/call");
    say({ method: "notifications/progress", params: { progressToken: id, progress: 1 } });
    expect(request.messages).toMatchObject([{ params: { progressToken: 9, progress: 1 } }]);
  });

  test("of a method that the server does not know is 404; its resource that is not there is -32602", async () => {
    const { ask, sentOf, say } = fakeServer();
    const unknown = ask({ id: 1, method: "foo/bar", params: { _meta: envelope() } });
    say({ id: (await sentOf("foo/bar"))["id"], error: { code: -32601, message: "no" } });
    await unknown.answer();
    expect(unknown.status).toBe(404);
    const missing = ask({ id: 2, method: "resources/read", params: { uri: "a:b", _meta: envelope() } });
    say({ id: (await sentOf("resources/read"))["id"], error: { code: -32002, message: "no", data: { uri: "a:b" } } });
    expect(await missing.answer()).toMatchObject({ error: { code: -32602, data: { uri: "a:b" } } });
    expect(missing.status).toBe(200);
  });

  test("that its client gives up is cancelled at the server", async () => {
    const { ask, sentOf } = fakeServer();
    const request = ask(call);
    const { id } = await sentOf("tools/call");
    request.cancel();
    expect(await sentOf("notifications/cancelled")).toMatchObject({ params: { requestId: id } });
    expect(request.result).toBeUndefined();
  });

  test("gets log messages only when it asks for them, and from its level on", async () => {
    const { ask, sent, sentOf, say } = fakeServer();
    const log = (level: string): void => say({ method: "notifications/message", params: { level, data: level } });
    const quiet = ask(call);
    const { id } = await sentOf("tools/call");
    log("error");
    say({ id, result: {} });
    await quiet.answer();
    expect(quiet.messages).toEqual([]);

    const meta = envelope({}, { "io.modelcontextprotocol/logLevel": "warning" });
    const curious = ask({ ...call, params: { ...call.params, _meta: meta } });
    expect(await sentOf("logging/setLevel")).toMatchObject({ params: { level: "warning" } });
    await until("the second call", () => sent.filter(({ method }) => method === "tools/call")[1]);
    log("info");
    log("error");
    expect(curious.messages).toMatchObject([{ params: { level: "error" } }]);
  });
});

describe("a subscription", () => {
  const listen = (notifications: object) => ({
    id: "L",
    method: "subscriptions/listen",
    params: { notifications, _meta: envelope() },
  });
  const subscriptionId = { "io.modelcontextprotocol/subscriptionId": "L" };

  test("is acknowledged with what the server can tell, and gets that only, marked with its id", async () => {
    const { ask, say } = fakeServer();
    const request = ask(listen({ toolsListChanged: true, promptsListChanged: true }));
    await until("the acknowledgement", () => request.messages[0]);
    say({ method: "notifications/prompts/list_changed" });
    say({ method: "notifications/resources/updated", params: { uri: "a:b" } });
    say({ method: "notifications/tools/list_changed" });
    expect(request.messages).toEqual([
      {
        jsonrpc: "2.0",
        method: "notifications/subscriptions/acknowledged",
        params: { _meta: subscriptionId, notifications: { toolsListChanged: true } },
      },
      { jsonrpc: "2.0", method: "notifications/tools/list_changed", params: { _meta: subscriptionId } },
    ]);
  });

  test("to resources is counted together with those of sessions", async () => {
    const { ask, say, sent, bridge, join } = fakeServer();
    const session = join("legacy");
    session.subscriptions.add("a:b");
    const request = ask(listen({ resourceSubscriptions: ["a:b", "c:d"] }));
    await until("the acknowledgement", () => request.messages[0]);
    expect(sent).toMatchObject([{ method: "resources/subscribe", params: { uri: "c:d" } }]);
    say({ method: "notifications/resources/updated", params: { uri: "c:d", _meta: { own: 1 } } });
    expect(request.messages[1]).toMatchObject({ params: { uri: "c:d", _meta: { own: 1, ...subscriptionId } } });
    bridge.removeSession(session);
    expect(sent).toHaveLength(1);
    request.cancel();
    expect(sent.slice(1)).toMatchObject([
      { method: "resources/unsubscribe", params: { uri: "a:b" } },
      { method: "resources/unsubscribe", params: { uri: "c:d" } },
    ]);
    say({ method: "notifications/resources/updated", params: { uri: "c:d" } });
    expect(request.messages).toHaveLength(2);
  });

  test("outlives a run of the server", async () => {
    const { ask, sentOf, bridge } = fakeServer();
    const request = ask(listen({ resourceSubscriptions: ["a:b"] }));
    await sentOf("resources/subscribe");
    bridge.detach({ code: "server_unavailable", message: "gone" });
    const again: string[] = [];
    bridge.attach({ writeLine: (line) => again.push(line.toString()), unreadBytes: 0 });
    bridge.restoreSessions();
    expect(again).toEqual([expect.stringContaining('"resources/subscribe","params":{"uri":"a:b"}')]);
    expect(request.result).toBeUndefined();
  });

  test("without a filter is refused", async () => {
    const request = fakeServer().ask({ id: 1, method: "subscriptions/listen", params: { _meta: envelope() } });
    expect(await request.answer()).toMatchObject({ error: { code: -32602 } });
  });
});
