import { describe, expect, test } from "vitest";
import { Bridge } from "../bridge/bridge.ts";
import { scanMessage, type RequestMessage } from "../bridge/scan-message.ts";
import { createSession, type CallSink } from "../bridge/session.ts";
import type { Connection } from "../runs/connection.ts";
import type { Handshake } from "../runs/handshake.ts";
import { until } from "../testing/until.ts";
import { AggregateBridge } from "./aggregate-bridge.ts";
import type { Member } from "./member.ts";

type Json = Readonly<Record<string, unknown>>;
const handshake: Handshake = { era: "legacy", protocolVersion: "2025-11-25", result: {} };

/** A server whose stdio is the test itself, and which starts when the test says so. */
function fakeMember(name: string, era: Handshake["era"] = "legacy") {
  const sent: Json[] = [];
  const start = Promise.withResolvers<Handshake>();
  const bridge = new Bridge({
    server: name,
    now: () => performance.now(),
    onNoise: () => undefined,
    onRequestRefused: () => undefined,
    onCallEnded: () => undefined,
  });
  let isReady = false;
  const connect = (session: Parameters<Bridge["addSession"]>[0]): Connection => {
    bridge.addSession(session);
    return {
      bridge,
      get isReady() {
        return isReady;
      },
      isOver: false,
      ensureReady: () => start.promise,
      reportBug: (error) => {
        throw error;
      },
      close: () => bridge.removeSession(session),
    };
  };
  const member: Member = {
    name,
    endpoint: { name, isRetired: false, connect },
    lists: () => undefined,
    allowsTool: () => true,
    connectionReady: () => undefined,
  };
  return {
    member,
    bridge,
    sent,
    start() {
      bridge.attach({ writeLine: (line) => sent.push(JSON.parse(line.toString())), unreadBytes: 0 });
      bridge.useEra(era);
      isReady = true;
      start.resolve(handshake);
    },
    say: (message: Json) => bridge.receive(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }))),
    sentOf: (method: string) => until(`${method} at ${name}`, () => sent.find((one) => one["method"] === method)),
  };
}

function requestOf(message: Json): RequestMessage {
  const scanned = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message })));
  if (scanned.kind !== "request") throw new Error("a request");
  return scanned;
}

function clientOf(...members: readonly { readonly member: Member }[]) {
  const delivered: Json[] = [];
  const session = createSession("client", (message) => void delivered.push(JSON.parse(message.toString())));
  session.capabilities = { sampling: true, elicitation: true, roots: true };
  const bridge = new AggregateBridge({
    members: { all: () => members.map(({ member }) => member) },
    client: session,
    listsKnown: () => Promise.resolve(),
    reportBug: (error) => {
      throw error;
    },
  });
  const call = (id: string | number, name: string, params: Json = {}) => {
    const messages: Json[] = [];
    const results: Json[] = [];
    let cancelled = 0;
    const sink: CallSink = {
      onMessage: (message) => messages.push(JSON.parse(message.toString())) > 0,
      onResult: (message) => void results.push(JSON.parse(message.toString())),
      onCancelled: () => void (cancelled += 1),
    };
    const request = requestOf({ id, method: "tools/call", params: { name, ...params } });
    const open = bridge.request(session, request, sink);
    return { messages, results, open, cancelled: () => cancelled };
  };
  const tell = (method: string, params: Json): void => {
    const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", method, params })));
    if (message.kind === "notification") bridge.notification(session, message);
  };
  const answer = (id: unknown, result: Json): void => {
    const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id, result })));
    if (message.kind === "response") bridge.response(session, message);
  };
  return { bridge, session, delivered, call, tell, answer };
}

describe("two servers with the same numbers", () => {
  test("ask one client at once, and each gets its own answer", async () => {
    const [one, two] = [fakeMember("one"), fakeMember("two")];
    const client = clientOf(one, two);
    one.start();
    two.start();
    const atOne = client.call(1, "one__t");
    const atTwo = client.call(1, "two__t");
    await one.sentOf("tools/call");
    await two.sentOf("tools/call");
    for (const server of [one, two]) server.say({ id: 7, method: "roots/list" });
    const [askedByOne, askedByTwo] = [atOne.messages[0], atTwo.messages[0]];
    expect(askedByOne?.["id"]).not.toBe(askedByTwo?.["id"]);
    client.answer(askedByTwo?.["id"], { roots: [{ uri: "file:///two" }] });
    client.answer(askedByOne?.["id"], { roots: [{ uri: "file:///one" }] });
    // A second answer to the same question is nobody's.
    client.answer(askedByOne?.["id"], { roots: [] });
    const answers = (server: typeof one) => server.sent.filter((message) => message["id"] === 7);
    expect(answers(one)).toMatchObject([{ result: { roots: [{ uri: "file:///one" }] } }]);
    expect(answers(two)).toMatchObject([{ result: { roots: [{ uri: "file:///two" }] } }]);
  });

  test("have their calls told apart when the client uses an id twice", async () => {
    const [one, two] = [fakeMember("one"), fakeMember("two")];
    const client = clientOf(one, two);
    one.start();
    two.start();
    const atOne = client.call("same", "one__t");
    const atTwo = client.call("same", "two__t");
    const sent = [await one.sentOf("tools/call"), await two.sentOf("tools/call")];
    two.say({ id: sent[1]?.["id"], result: { from: "two" } });
    one.say({ id: sent[0]?.["id"], result: { from: "one" } });
    expect(atOne.results).toMatchObject([{ id: "same", result: { from: "one" } }]);
    expect(atTwo.results).toMatchObject([{ id: "same", result: { from: "two" } }]);
    expect(client.bridge.callsInFlight).toBe(0);
  });

  test("a cancellation of an id that is in flight twice cancels neither", async () => {
    const [one, two] = [fakeMember("one"), fakeMember("two")];
    const client = clientOf(one, two);
    one.start();
    two.start();
    const calls = [client.call(1, "one__t"), client.call(1, "two__t")];
    await two.sentOf("tools/call");
    client.tell("notifications/cancelled", { requestId: 1 });
    expect(calls.map(({ cancelled }) => cancelled())).toEqual([0, 0]);
  });
});

describe("a call that is cancelled", () => {
  test("before its server is ready never reaches it", async () => {
    const server = fakeMember("one");
    const client = clientOf(server);
    const early = client.call(1, "one__early");
    client.tell("notifications/cancelled", { requestId: 1 });
    expect(early.cancelled()).toBe(1);
    server.start();
    client.call(2, "one__later");
    const sent = await server.sentOf("tools/call");
    expect(sent).toMatchObject({ params: { name: "later" } });
    expect(early.results).toEqual([]);
  });

  test("in work is cancelled there, and a late answer is nobody's", async () => {
    const server = fakeMember("one");
    const client = clientOf(server);
    server.start();
    const call = client.call(5, "one__t");
    const sent = await server.sentOf("tools/call");
    client.tell("notifications/cancelled", { requestId: 5 });
    expect(await server.sentOf("notifications/cancelled")).toMatchObject({ params: { requestId: sent["id"] } });
    server.say({ id: sent["id"], result: {} });
    expect(call.results).toEqual([]);
    expect(call.cancelled()).toBe(1);
  });

  test("in the second round at a server of the modern era is cancelled there", async () => {
    const server = fakeMember("one", "modern");
    const client = clientOf(server);
    server.start();
    const call = client.call(5, "one__t", { arguments: {} });
    const first = await server.sentOf("tools/call");
    const inputRequests = { q: { method: "roots/list" } };
    server.say({ id: first["id"], result: { resultType: "input_required", inputRequests, requestState: "s" } });
    client.answer(call.messages[0]?.["id"], { roots: [] });
    const second = await until("the second round", () => {
      const rounds = server.sent.filter((message) => message["method"] === "tools/call");
      return rounds.length === 2 ? rounds[1] : undefined;
    });
    if (call.open !== undefined) client.bridge.abandon(call.open, "gone");
    expect(await server.sentOf("notifications/cancelled")).toMatchObject({ params: { requestId: second["id"] } });
    expect(call.cancelled()).toBe(1);
    expect(client.bridge.callsInFlight).toBe(0);
  });
});

test("a client that leaves has its calls cancelled and its sessions ended everywhere", async () => {
  const [one, two] = [fakeMember("one"), fakeMember("two")];
  const client = clientOf(one, two);
  one.start();
  two.start();
  client.call(1, "one__t");
  client.call(2, "two__t");
  await two.sentOf("tools/call");
  client.bridge.close();
  expect(client.bridge.callsInFlight).toBe(0);
  for (const server of [one, two]) {
    expect(server.bridge.sessionCount).toBe(0);
    expect(server.bridge.callsInFlight).toBe(0);
    await server.sentOf("notifications/cancelled");
  }
});

test("a log level holds for servers that run, and for one that starts later with its first call", async () => {
  const [one, two] = [fakeMember("one"), fakeMember("two")];
  const client = clientOf(one, two);
  one.start();
  client.call(1, "one__t");
  await one.sentOf("tools/call");
  const results: string[] = [];
  const set = requestOf({ id: 2, method: "logging/setLevel", params: { level: "error" } });
  client.bridge.request(client.session, set, {
    onMessage: () => false,
    onResult: (message) => void results.push(message.toString()),
    onCancelled: () => undefined,
  });
  expect(results).toEqual([`{"jsonrpc":"2.0","id":2,"result":{}}`]);
  expect(await one.sentOf("logging/setLevel")).toMatchObject({ params: { level: "error" } });
  expect(two.sent).toEqual([]);
  two.start();
  client.call(3, "two__t");
  expect(await two.sentOf("logging/setLevel")).toMatchObject({ params: { level: "error" } });
  one.say({ method: "notifications/message", params: { level: "info", data: "quiet" } });
  expect(client.delivered).toEqual([]);
});
