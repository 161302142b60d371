import { describe, expect, test } from "vitest";
import { openHttpFront } from "./testing/http-front.ts";
import { exchange, jsonHeaders, openRawSession, rpcRequest, type RawRequest } from "./testing/raw-client.ts";

const deadlineMs = 60_000;
const initialize = (protocolVersion: string): string =>
  JSON.stringify(rpcRequest(0, "initialize", { protocolVersion, capabilities: {}, clientInfo: {} }));

describe("a session", () => {
  test(
    "has an id of visible ASCII characters, different each time",
    async () => {
      await using front = await openHttpFront();
      const ids = [await openRawSession(front.url), await openRawSession(front.url)].map(({ id }) => id);
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{20,}$/);
    },
    deadlineMs,
  );

  test(
    "ends with DELETE, and is 404 from then on for every method; its calls are cancelled",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const stream = await session.get();
      const call = session.post(rpcRequest(1, "tools/call", { name: "t" }));
      await front.server.sentOf("tools/call");
      const headers = { "mcp-session-id": session.id };
      const ended = await exchange({ method: "DELETE", url: front.url, headers });
      expect(ended.status).toBe(204);
      await stream.body();
      await (await call).body();
      await front.server.sentOf("notifications/cancelled");
      const statuses = [await session.post(rpcRequest(2, "ping")), await session.get()].map(({ status }) => status);
      const again = await exchange({ method: "DELETE", url: front.url, headers });
      expect([...statuses, again.status]).toEqual([404, 404, 404]);
    },
    deadlineMs,
  );

  test.each<[string, Omit<RawRequest, "url">, number]>([
    [
      "a POST without a session",
      { method: "POST", headers: jsonHeaders, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' },
      400,
    ],
    ["a GET without a session", { method: "GET", headers: { accept: "text/event-stream" } }, 400],
    ["a DELETE without a session", { method: "DELETE" }, 400],
    ["a GET that does not take streams", { method: "GET", headers: { accept: "application/json" } }, 406],
    [
      "a POST that takes neither JSON nor streams",
      { method: "POST", headers: { ...jsonHeaders, accept: "text/html" }, body: initialize("2025-11-25") },
      406,
    ],
    [
      "a POST of something else than JSON",
      { method: "POST", headers: { ...jsonHeaders, "content-type": "text/plain" }, body: "x" },
      415,
    ],
    ["a POST of broken JSON", { method: "POST", headers: jsonHeaders, body: "{" }, 400],
    ["a POST of JSON that is no message", { method: "POST", headers: jsonHeaders, body: "{}" }, 400],
    ["another method", { method: "PUT", headers: jsonHeaders, body: "{}" }, 405],
  ])(
    "%s is refused",
    async (_what, request, status) => {
      await using front = await openHttpFront();
      const answer = await exchange({ ...request, url: front.url });
      expect(answer.status).toBe(status);
      expect(JSON.parse(await answer.body())).toMatchObject({ jsonrpc: "2.0", id: null, error: {} });
    },
    deadlineMs,
  );

  test(
    "of a client whose initialize failed is not there",
    async () => {
      await using front = await openHttpFront();
      const body = JSON.stringify(rpcRequest(0, "initialize", {}));
      const answer = await exchange({ method: "POST", url: front.url, headers: jsonHeaders, body });
      expect(JSON.parse(await answer.body())).toMatchObject({ id: 0, error: { code: -32602 } });
      const id = String(answer.headers["mcp-session-id"]);
      expect(front.sessionOf(id)).toBeUndefined();
    },
    deadlineMs,
  );
});

describe("a message", () => {
  test(
    "that is a notification or a response is accepted with 202 and no body",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const messages = [
        { jsonrpc: "2.0", method: "notifications/initialized" },
        { jsonrpc: "2.0", method: "notifications/roots/list_changed" },
        { jsonrpc: "2.0", id: 77, result: {} },
      ];
      for (const message of messages) {
        const answer = await session.post(message);
        expect([answer.status, await answer.body()]).toEqual([202, ""]);
      }
    },
    deadlineMs,
  );

  test(
    "that is a request is answered as JSON when its result comes first",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const posted = session.post(rpcRequest("a", "tools/list"));
      const { id } = await front.server.sentOf("tools/list");
      front.server.say({ id, result: { tools: [] } });
      const answer = await posted;
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(JSON.parse(await answer.body())).toEqual({ jsonrpc: "2.0", id: "a", result: { tools: [] } });
    },
    deadlineMs,
  );

  test(
    "of the server that belongs to no call goes to the GET stream, one that belongs to a call to its stream, responses never to the GET stream",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const stream = await session.get();
      const posted = session.post(rpcRequest(1, "tools/call", { name: "t", _meta: { progressToken: 1 } }));
      const { id } = await front.server.sentOf("tools/call");
      front.server.say({ method: "notifications/tools/list_changed" });
      front.server.say({ method: "notifications/progress", params: { progressToken: id, progress: 1 } });
      front.server.say({ id: "s1", method: "sampling/createMessage", params: {} });
      front.server.say({ id, result: {} });
      const answer = await posted;
      await answer.body();
      expect(answer.messages).toMatchObject([
        { method: "notifications/progress" },
        { method: "sampling/createMessage" },
        { id: 1 },
      ]);
      await stream.received(2);
      expect(stream.messages).toMatchObject([{ method: "notifications/tools/list_changed" }]);
    },
    deadlineMs,
  );

  test(
    "that cancels ends the stream of the call without a result, and there is nothing to come back for",
    async () => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const stream = await session.post(rpcRequest(5, "tools/call", { name: "t" }));
      await stream.received(1);
      const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 5 } };
      expect((await session.post(cancel)).status).toBe(202);
      await stream.body();
      expect(stream.messages).toEqual([]);
      expect((await session.get({ "last-event-id": stream.events[0]?.id ?? "none" })).status).toBe(400);
    },
    deadlineMs,
  );
});

describe("the MCP-Protocol-Version header", () => {
  test.each(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])(
    "may say %s",
    async (version) => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const headers = { "mcp-protocol-version": version };
      const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
      const stream = await session.get(headers);
      expect([(await session.post(notification, headers)).status, stream.status]).toEqual([202, 200]);
    },
    deadlineMs,
  );

  test(
    "may be missing",
    async () => {
      await using front = await openHttpFront();
      const { id } = await openRawSession(front.url);
      const headers = { ...jsonHeaders, "mcp-session-id": id };
      const body = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
      expect((await exchange({ method: "POST", url: front.url, headers, body })).status).toBe(202);
    },
    deadlineMs,
  );

  test.each(["2024-01-01", "1.0", "invalid-version", "2025-06-18, 2025-11-25"])(
    "%s is a bad request with every method",
    async (version) => {
      await using front = await openHttpFront();
      const session = await openRawSession(front.url);
      const headers = { "mcp-protocol-version": version };
      const ended = await exchange({
        method: "DELETE",
        url: front.url,
        headers: { ...headers, "mcp-session-id": session.id },
      });
      const statuses = [await session.post(rpcRequest(1, "ping"), headers), await session.get(headers), ended];
      expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400]);
    },
    deadlineMs,
  );
});
