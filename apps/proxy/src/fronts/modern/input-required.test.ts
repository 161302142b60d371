import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import { envelope, fakeServer, type AskedRequest, type FakeServer, type Json } from "./testing/fake-server.ts";

const able = { elicitation: {}, sampling: {}, roots: {} };
const params = { name: "t", arguments: { a: 1, b: 2 }, _meta: envelope(able) };
const call = { id: "first", method: "tools/call", params };
const form = { method: "elicitation/create", params: { message: "Name?", requestedSchema: { type: "object" } } };
const accept = { action: "accept", content: { name: "Bo" } };

/** A call that the server has asked something about. */
async function askedCall(server: FakeServer, capabilities: Json = able) {
  const request = server.ask({ ...call, params: { ...params, _meta: envelope(capabilities) } });
  const { id } = await server.sentOf("tools/call");
  server.say({ id: 17, ...form });
  return { request, id };
}

function stateOf(answer: Json): string {
  const { result } = answer;
  return typeof result === "object" && result !== null && "requestState" in result ? String(result.requestState) : "";
}

function retry(server: FakeServer, more: Json, principal?: string): AskedRequest {
  return server.ask({ id: "second", method: "tools/call", params: { ...params, ...more } }, principal);
}

/** The server's view of an answer to its request. */
function answersOf({ sent }: FakeServer): readonly Json[] {
  return sent.filter((message) => !("method" in message));
}

test("a question of the server ends the request, and the retry goes on with the very call", async () => {
  const server = fakeServer();
  const { request, id } = await askedCall(server);
  const answer = await request.answer();
  expect(answer).toMatchObject({
    id: "first",
    result: { resultType: "input_required", inputRequests: { 17: form } },
  });
  expect(answer).not.toHaveProperty("result.ttlMs");
  const second = retry(server, { requestState: stateOf(answer), inputResponses: { 17: accept } });
  await until("the answer at the server", () => answersOf(server)[0]);
  expect(answersOf(server)).toEqual([{ jsonrpc: "2.0", id: 17, result: accept }]);
  expect(server.sent.filter(({ method }) => method === "tools/call")).toHaveLength(1);
  server.say({ id, result: { content: [] } });
  expect(await second.answer()).toMatchObject({ id: "second", result: { resultType: "complete", content: [] } });
  expect(server.parked.size).toBe(0);
});

test("questions at once come together; what the retry leaves out is asked again, under a new state", async () => {
  const server = fakeServer();
  const { request, id } = await askedCall(server);
  // A busy engine hands out what was written at once in pieces.
  await pause(10);
  server.say({ id: "s", method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } });
  const first = await request.answer();
  expect(first).toMatchObject({
    result: { inputRequests: { 17: form, s: { method: "sampling/createMessage", params: { maxTokens: 1 } } } },
  });
  const second = retry(server, {
    requestState: stateOf(first),
    inputResponses: { s: { role: "assistant" }, other: {} },
  });
  const again = await second.answer();
  expect(again).toMatchObject({ id: "second", result: { resultType: "input_required", inputRequests: { 17: form } } });
  expect(again).not.toHaveProperty("result.inputRequests.s");
  expect(stateOf(again)).not.toBe(stateOf(first));
  const third = retry(server, { requestState: stateOf(again), inputResponses: { 17: accept } });
  await until("both answers", () => answersOf(server)[1]);
  server.say({ id, result: {} });
  expect(await third.answer()).toMatchObject({ result: { resultType: "complete" } });
});

test("a result that comes while the client is away waits for it", async () => {
  const server = fakeServer();
  const { request, id } = await askedCall(server);
  const first = await request.answer();
  server.say({ id, result: { content: ["late"] } });
  const second = retry(server, { requestState: stateOf(first), inputResponses: { 17: accept } });
  expect(await second.answer()).toMatchObject({ id: "second", result: { resultType: "complete", content: ["late"] } });
});

test("a run that ends while the client is away fails the retry", async () => {
  const server = fakeServer();
  const { request } = await askedCall(server);
  const first = await request.answer();
  server.bridge.detach({ code: "server_unavailable", message: "Out of memory" });
  const second = retry(server, { requestState: stateOf(first), inputResponses: { 17: accept } });
  expect(await second.answer()).toMatchObject({ id: "second", error: { message: "Out of memory" } });
});

test("progress of the retry comes under its own token", async () => {
  const server = fakeServer();
  const request = server.ask({ ...call, params: { ...params, _meta: { ...envelope(able), progressToken: "a" } } });
  const { id } = await server.sentOf("tools/call");
  server.say({ id: 17, ...form });
  const first = await request.answer();
  const second = retry(server, {
    requestState: stateOf(first),
    inputResponses: { 17: accept },
    _meta: { ...envelope(able), progressToken: "b" },
  });
  await until("the answer at the server", () => answersOf(server)[0]);
  server.say({ method: "notifications/progress", params: { progressToken: id, progress: 2 } });
  expect(second.messages).toMatchObject([{ params: { progressToken: "b" } }]);
});

describe("a requestState is refused", () => {
  const cases: readonly [string, (state: string) => { readonly more: Json; readonly principal?: string }][] = [
    ["when it was changed", (state) => ({ more: { requestState: `${state}A` } })],
    ["when it is none of ours", () => ({ more: { requestState: "x".repeat(200) } })],
    ["of another client", (requestState) => ({ more: { requestState }, principal: "other" })],
    ["of a request with other arguments", (requestState) => ({ more: { requestState, arguments: { a: 2, b: 2 } } })],
    ["of another tool", (requestState) => ({ more: { requestState, name: "u" } })],
  ];
  test.each(cases)("%s", async (_name, change) => {
    const server = fakeServer();
    const { request } = await askedCall(server);
    const { more, principal } = change(stateOf(await request.answer()));
    const second = retry(server, { inputResponses: { 17: accept }, ...more }, principal);
    expect(await second.answer()).toMatchObject({ id: "second", error: { code: -32602 } });
    expect(answersOf(server)).toEqual([]);
  });

  test("that was used before", async () => {
    const server = fakeServer();
    const { request } = await askedCall(server);
    const more = { requestState: stateOf(await request.answer()), inputResponses: { 17: accept } };
    retry(server, more);
    expect(await retry(server, more).answer()).toMatchObject({ error: { code: -32602 } });
    expect(answersOf(server)).toHaveLength(1);
  });

  test("but not for arguments in another order", async () => {
    const server = fakeServer();
    const { request } = await askedCall(server);
    const requestState = stateOf(await request.answer());
    retry(server, { requestState, inputResponses: { 17: accept }, arguments: { b: 2, a: 1 } });
    expect(await until("the answer at the server", () => answersOf(server)[0])).toMatchObject({ result: accept });
  });
});

test("a client that never comes back: its call is cancelled, and the server's question answered with an error", async () => {
  const server = fakeServer(undefined, { waitMs: 20 });
  const { request, id } = await askedCall(server);
  await request.answer();
  expect(await server.sentOf("notifications/cancelled")).toMatchObject({ params: { requestId: id } });
  expect(answersOf(server)).toMatchObject([{ id: 17, error: { code: -32603 } }]);
  expect([server.parked.size, server.bridge.callsInFlight]).toEqual([0, 0]);
});

test("only so many calls wait for their clients", async () => {
  const server = fakeServer(undefined, { maxCalls: 0 });
  await askedCall(server);
  expect(answersOf(server)).toMatchObject([{ id: 17, error: { code: -32603 } }]);
});

test("closing the request that was answered does not end the call; closing the retry does", async () => {
  const server = fakeServer();
  const { request, id } = await askedCall(server);
  const first = await request.answer();
  const second = retry(server, { requestState: stateOf(first), inputResponses: { 17: accept } });
  await until("the answer at the server", () => answersOf(server)[0]);
  request.cancel();
  expect(server.bridge.callsInFlight).toBe(1);
  second.cancel();
  expect(await server.sentOf("notifications/cancelled")).toMatchObject({ params: { requestId: id } });
});

test("a question that the server takes back is not asked", async () => {
  const server = fakeServer();
  const { request, id } = await askedCall(server);
  server.say({ method: "notifications/cancelled", params: { requestId: 17 } });
  server.say({ id, result: {} });
  expect(await request.answer()).toMatchObject({ result: { resultType: "complete" } });
});

describe("capabilities", () => {
  test("a question that the client cannot answer is refused, and the tool may do without", async () => {
    const server = fakeServer();
    const { request, id } = await askedCall(server, { sampling: {} });
    expect(answersOf(server)).toMatchObject([{ id: 17, error: { code: -32601 } }]);
    server.say({ id, result: { content: [] } });
    expect(await request.answer()).toMatchObject({ result: { resultType: "complete" } });
  });

  test("a tool that cannot do without gives -32021 with what is missing, and 400", async () => {
    const server = fakeServer();
    const { request, id } = await askedCall(server, { sampling: {} });
    server.say({ id, result: { content: [], isError: true } });
    expect(await request.answer()).toMatchObject({
      error: { code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } },
    });
    expect(request.status).toBe(400);
  });

  test("a URL is for clients that say so", async () => {
    const server = fakeServer();
    const request = server.ask(call);
    const { id } = await server.sentOf("tools/call");
    server.say({
      id: 1,
      method: "elicitation/create",
      params: { mode: "url", elicitationId: "e", url: "https://a.example", message: "Go" },
    });
    server.say({ id, error: { code: -32603, message: "cannot" } });
    expect(await request.answer()).toMatchObject({
      error: { code: -32021, data: { requiredCapabilities: { elicitation: { url: {} } } } },
    });
  });
});

test("URLs that a call ended with are asked for, and the retry is a new call", async () => {
  const server = fakeServer();
  const capabilities = { elicitation: { url: {} } };
  const request = server.ask({ ...call, params: { ...params, _meta: envelope(capabilities) } });
  const { id } = await server.sentOf("tools/call");
  const elicitation = { mode: "url", elicitationId: "e1", url: "https://a.example", message: "Go" };
  server.say({ id, error: { code: -32042, message: "first this", data: { elicitations: [elicitation] } } });
  const first = await request.answer();
  expect(first).toMatchObject({
    result: {
      resultType: "input_required",
      inputRequests: { e1: { method: "elicitation/create", params: { mode: "url", url: "https://a.example" } } },
    },
  });
  const second = retry(server, {
    requestState: stateOf(first),
    inputResponses: { e1: { action: "accept" } },
    _meta: envelope(capabilities),
  });
  const again = await until("the second call", () => server.sent.filter(({ method }) => method === "tools/call")[1]);
  server.say({ id: again["id"], result: { content: [] } });
  expect(await second.answer()).toMatchObject({ id: "second", result: { resultType: "complete" } });
});

describe("whose question it is", () => {
  test("two requests at work: nobody's", async () => {
    const server = fakeServer();
    server.ask(call);
    server.ask({ ...call, id: "other" });
    await until("both calls", () => server.sent.filter(({ method }) => method === "tools/call")[1]);
    server.say({ id: 17, ...form });
    expect(answersOf(server)).toMatchObject([{ id: 17, error: { code: -32600 } }]);
  });

  test("a call whose client is away does not stand in the way of one at work", async () => {
    const server = fakeServer();
    const { request } = await askedCall(server);
    await request.answer();
    const other = server.ask({ ...call, id: "other" });
    await until("both calls", () => server.sent.filter(({ method }) => method === "tools/call")[1]);
    server.say({ id: 18, ...form });
    expect(await other.answer()).toMatchObject({ id: "other", result: { inputRequests: { 18: form } } });
  });
});

test("an answer to a question that the server names may come with the first request", async () => {
  const server = fakeServer();
  server.ask({ ...call, params: { ...params, inputResponses: { user_name: accept, extra: {} } } });
  await server.sentOf("tools/call");
  const named = { ...form, params: { ...form.params, _meta: { "com.mcpproxy/inputKey": "user_name" } } };
  server.say({ id: 5, ...named });
  expect(answersOf(server)).toEqual([{ jsonrpc: "2.0", id: 5, result: accept }]);
});

test.each([null, 7, { a: 12_345 }])("inputResponses of the wrong form are refused (%j)", async (inputResponses) => {
  const server = fakeServer();
  expect(await retry(server, { inputResponses }).answer()).toMatchObject({ error: { code: -32602 } });
  expect(server.sent).toEqual([]);
});
