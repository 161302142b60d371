import { describe, expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { Bridge } from "./bridge.ts";
import { scanMessage } from "./scan-message.ts";
import { createSession, type Session } from "./session.ts";

type Json = Readonly<Record<string, unknown>>;

/** A bridge to a server of the modern era, which is this test, and a client of the legacy era. */
function setUp() {
  const sent: Json[] = [];
  const refused: string[] = [];
  const bridge = new Bridge({
    server: "s",
    now: () => 0,
    onNoise: () => undefined,
    onRequestRefused: (method) => refused.push(method),
    onCallEnded: () => undefined,
  });
  bridge.attach({ writeLine: (line) => sent.push(JSON.parse(line.toString())), unreadBytes: 0 });
  bridge.useEra("modern");
  const say = (message: object): void => bridge.receive(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message })));
  return {
    bridge,
    sent,
    say,
    refused,
    sentOf: (method: string) => sent.filter((message) => message["method"] === method),
  };
}

function join(bridge: Bridge, id = "a") {
  const delivered: Json[] = [];
  const session = createSession(id, (message) => delivered.push(JSON.parse(message.toString())));
  session.capabilities = { sampling: true, elicitation: true, roots: true };
  session.identity = { capabilities: { elicitation: {} }, clientInfo: { name: "c", version: "1" } };
  bridge.addSession(session);
  return Object.assign(session, { delivered });
}

function call(bridge: Bridge, session: Session, message: object) {
  const state = { messages: [] as Json[], results: [] as Json[], isCancelled: false };
  const scanned = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message })));
  if (scanned.kind !== "request") throw new Error("a request");
  bridge.request(session, scanned, {
    onMessage: (bytes) => state.messages.push(JSON.parse(bytes.toString())) > 0,
    onResult: (bytes) => void state.results.push(JSON.parse(bytes.toString())),
    onCancelled: () => {
      state.isCancelled = true;
    },
  });
  return state;
}

function respond(bridge: Bridge, session: Session, message: object): void {
  const scanned = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message })));
  if (scanned.kind === "response") bridge.response(session, scanned);
}

const toolCall = { id: "x", method: "tools/call", params: { name: "t", arguments: { a: 1 } } };
const question = { method: "elicitation/create", params: { message: "Name?", requestedSchema: {} } };

test.each([
  ["no params", { id: 1, method: "tools/list" }, {}],
  ["empty params", { id: 1, method: "tools/list", params: {} }, {}],
  ["params without _meta", { id: 1, method: "tools/list", params: { cursor: "c" } }, { cursor: "c" }],
  ["an empty _meta", { id: 1, method: "tools/list", params: { _meta: {} } }, {}],
])("a request with %s gets the envelope", (_name, request, rest) => {
  const { bridge, sent } = setUp();
  call(bridge, join(bridge), request);
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
  };
  expect(sent[0]).toEqual({
    jsonrpc: "2.0",
    id: sent[0]?.["id"],
    method: "tools/list",
    params: { ...rest, _meta: envelope },
  });
});

test("the level of logging goes with each request of the session that set it", () => {
  const { bridge, sent } = setUp();
  const session = join(bridge);
  expect(call(bridge, session, { id: 1, method: "logging/setLevel", params: { level: "info" } }).results).toEqual([
    { jsonrpc: "2.0", id: 1, result: {} },
  ]);
  call(bridge, session, toolCall);
  expect(sent).toMatchObject([{ params: { _meta: { "io.modelcontextprotocol/logLevel": "info" } } }]);
  const wrong = call(bridge, session, { id: 2, method: "logging/setLevel", params: { level: "loud" } });
  expect(wrong.results).toMatchObject([{ id: 2, error: { code: -32602 } }]);
});

test("ping is answered here, since the server knows none", () => {
  const { bridge, sent } = setUp();
  expect(call(bridge, join(bridge), { id: 1, method: "ping" }).results).toMatchObject([{ id: 1, result: {} }]);
  expect(sent).toEqual([]);
});

describe("input_required", () => {
  test("is asked of the client, and its answers go with the request that is sent again", () => {
    const { bridge, sent, say, sentOf } = setUp();
    const session = join(bridge);
    const state = call(bridge, session, { ...toolCall, params: { ...toolCall.params, _meta: { progressToken: "p" } } });
    const inputRequests = { who: question, text: { method: "sampling/createMessage", params: { messages: [] } } };
    say({ id: sent[0]?.["id"], result: { resultType: "input_required", inputRequests, requestState: "s1" } });
    expect(state.messages).toMatchObject([{ ...question }, { method: "sampling/createMessage" }]);
    respond(bridge, session, { id: state.messages[0]?.["id"], result: { action: "accept", content: { n: 1 } } });
    expect(sentOf("tools/call")).toHaveLength(1);
    respond(bridge, session, { id: state.messages[1]?.["id"], result: { role: "assistant" } });
    const again = sentOf("tools/call")[1];
    expect(again).toMatchObject({
      params: {
        name: "t",
        arguments: { a: 1 },
        requestState: "s1",
        inputResponses: { who: { action: "accept", content: { n: 1 } }, text: { role: "assistant" } },
        _meta: { progressToken: again?.["id"], "io.modelcontextprotocol/protocolVersion": "2026-07-28" },
      },
    });
    say({ method: "notifications/progress", params: { progressToken: again?.["id"], progress: 1 } });
    expect(state.messages[2]).toMatchObject({ params: { progressToken: "p" } });
    say({ id: again?.["id"], result: { resultType: "complete", content: [] } });
    expect(state.results).toMatchObject([{ id: "x", result: { content: [] } }]);
    expect(bridge.counters.callsTotal).toBe(1);
  });

  test("without questions is sent again after a moment", async () => {
    const { bridge, sent, say, sentOf } = setUp();
    call(bridge, join(bridge), toolCall);
    say({ id: sent[0]?.["id"], result: { resultType: "input_required", requestState: "s" } });
    expect(bridge.callsInFlight).toBe(1);
    const again = await until("the second request", () => sentOf("tools/call")[1]);
    expect(again).toMatchObject({ params: { requestState: "s" } });
  });

  test("an elicitation that the client fails is a cancelled one; a sampling that it fails ends the call", () => {
    const { bridge, sent, say, sentOf } = setUp();
    const session = join(bridge);
    const first = call(bridge, session, toolCall);
    say({ id: sent[0]?.["id"], result: { resultType: "input_required", inputRequests: { who: question } } });
    respond(bridge, session, { id: first.messages[0]?.["id"], error: { code: -1, message: "no" } });
    expect(sentOf("tools/call")[1]).toMatchObject({ params: { inputResponses: { who: { action: "cancel" } } } });
    const second = call(bridge, session, toolCall);
    const inputRequests = { s: { method: "sampling/createMessage", params: {} } };
    say({ id: sent.at(-1)?.["id"], result: { resultType: "input_required", inputRequests } });
    respond(bridge, session, { id: second.messages[0]?.["id"], error: { code: -1, message: "no" } });
    expect(second.results).toMatchObject([{ id: "x", error: { code: -32603 } }]);
  });

  test("an elicitation by URL gets the id that the legacy era wants", () => {
    const { bridge, sent, say } = setUp();
    const state = call(bridge, join(bridge), toolCall);
    const who = { method: "elicitation/create", params: { mode: "url", url: "https://a.example", message: "Go" } };
    say({ id: sent[0]?.["id"], result: { resultType: "input_required", inputRequests: { who } } });
    expect(state.messages[0]).toMatchObject({
      params: { url: "https://a.example", elicitationId: expect.any(String) },
    });
  });

  test("a client that cancels meanwhile, or goes, leaves nothing behind", () => {
    const { bridge, sent, say, sentOf } = setUp();
    const session = join(bridge);
    const state = call(bridge, session, toolCall);
    say({ id: sent[0]?.["id"], result: { resultType: "input_required", inputRequests: { who: question } } });
    bridge.removeSession(session);
    expect(state.isCancelled).toBe(true);
    respond(bridge, session, { id: state.messages[0]?.["id"], result: { action: "accept" } });
    expect([sentOf("tools/call").length, bridge.callsInFlight]).toEqual([1, 0]);
  });
});

describe("subscriptions of sessions", () => {
  const listChanged = (id: unknown) => ({
    method: "notifications/tools/list_changed",
    params: { _meta: { "io.modelcontextprotocol/subscriptionId": id, own: 1 } },
  });

  test("are one of MCPProxy's, and what it brings goes to all sessions without its mark", () => {
    const { bridge, say, sentOf } = setUp();
    const [one, other] = [join(bridge), join(bridge, "b")];
    bridge.restoreSessions();
    const [listen] = sentOf("subscriptions/listen");
    expect(listen).toMatchObject({ params: { notifications: { toolsListChanged: true, promptsListChanged: true } } });
    say(listChanged(listen?.["id"]));
    const delivered = { jsonrpc: "2.0", method: "notifications/tools/list_changed", params: { _meta: { own: 1 } } };
    expect([one.delivered, other.delivered]).toEqual([[delivered], [delivered]]);
    expect(bridge.callsInFlight).toBe(0);
  });

  test("to resources are answered here, and asked of the server with all others'", () => {
    const { bridge, say, sentOf, sent } = setUp();
    const [one, other] = [join(bridge), join(bridge, "b")];
    bridge.restoreSessions();
    const subscribed = call(bridge, one, { id: 1, method: "resources/subscribe", params: { uri: "a:b" } });
    expect(subscribed.results).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
    const [first, second] = sentOf("subscriptions/listen");
    expect(second).toMatchObject({ params: { notifications: { resourceSubscriptions: ["a:b"] } } });
    expect(sent.at(-1)).toMatchObject({ method: "notifications/cancelled", params: { requestId: first?.["id"] } });
    const meta = { "io.modelcontextprotocol/subscriptionId": second?.["id"] };
    say({ method: "notifications/resources/updated", params: { uri: "a:b", _meta: meta } });
    say({ method: "notifications/resources/updated", params: { uri: "c:d", _meta: meta } });
    expect(one.delivered).toMatchObject([{ params: { uri: "a:b" } }]);
    expect(other.delivered).toEqual([]);
  });
});

test("a server of this era that asks all the same is refused", () => {
  const { bridge, sent, say, refused } = setUp();
  call(bridge, join(bridge), toolCall);
  say({ id: 1, ...question });
  expect(refused).toEqual(["elicitation/create"]);
  expect(sent.at(-1)).toMatchObject({ id: 1, error: { code: -32601 } });
});
