import { describe, expect, test } from "vitest";
import { Bridge } from "./bridge.ts";
import { scanMessage } from "./scan-message.ts";
import { createOwnSession, createSession, type Session } from "./session.ts";

interface Wire {
  id?: number | string;
  method?: string;
  params?: { requestId?: number; progressToken?: number; _meta?: { progressToken?: number } };
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** A bridge whose server is this test: `sent` is what reached stdin. */
function setUp() {
  const sent: Wire[] = [];
  const noise: string[] = [];
  const refused: string[] = [];
  const bridge = new Bridge({
    server: "s",
    now: () => 0,
    onNoise: (line) => noise.push(line.toString()),
    onRequestRefused: (method) => refused.push(method),
    onCallEnded: () => undefined,
  });
  bridge.attach({ writeLine: (line) => sent.push(JSON.parse(line.toString())), unreadBytes: 0 });
  return {
    bridge,
    sent,
    noise,
    refused,
    say: (message: object) => bridge.receive(Buffer.from(JSON.stringify(message))),
  };
}

function join(bridge: Bridge, name: string): Session & { delivered: Wire[] } {
  const delivered: Wire[] = [];
  const session = createSession(name, (message) => delivered.push(JSON.parse(message.toString())));
  bridge.addSession(session);
  return Object.assign(session, { delivered });
}

function call(bridge: Bridge, session: Session, message: object) {
  const messages: Wire[] = [];
  const state = { messages, result: undefined as Wire | undefined, isCancelled: false, isGone: false };
  const scanned = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message })));
  if (scanned.kind !== "request") throw new Error("a request");
  bridge.request(session, scanned, {
    onMessage: (bytes) => {
      if (state.isGone) return false;
      messages.push(JSON.parse(bytes.toString()));
      return true;
    },
    onResult: (bytes) => {
      state.result = JSON.parse(bytes.toString());
    },
    onCancelled: () => {
      state.isCancelled = true;
    },
  });
  return state;
}

function notify(bridge: Bridge, session: Session, message: object): void {
  const scanned = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message })));
  if (scanned.kind !== "notification") throw new Error("a notification");
  bridge.notification(session, scanned);
}

describe("correlation", () => {
  test("the same client id in flight twice, even in one session, gets each its own answer", () => {
    const { bridge, sent, say } = setUp();
    const session = join(bridge, "a");
    const first = call(bridge, session, { id: 1, method: "tools/call" });
    const second = call(bridge, session, { id: 1, method: "tools/call" });
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
    say({ jsonrpc: "2.0", id: sent[1]?.id, result: "two" });
    say({ jsonrpc: "2.0", id: sent[0]?.id, result: "one" });
    expect(first.result).toEqual({ jsonrpc: "2.0", id: 1, result: "one" });
    expect(second.result).toEqual({ jsonrpc: "2.0", id: 1, result: "two" });
  });

  test("progress goes to its call under the client's own token", () => {
    const { bridge, sent, say } = setUp();
    const session = join(bridge, "a");
    const pending = call(bridge, session, {
      id: "x",
      method: "tools/call",
      params: { _meta: { progressToken: "mine" } },
    });
    const progressToken = sent[0]?.params?._meta?.progressToken;
    expect(progressToken).toBe(sent[0]?.id);
    say({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress: 1 } });
    say({ jsonrpc: "2.0", id: sent[0]?.id, result: {} });
    say({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress: 2 } });
    expect(pending.messages).toEqual([
      { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: "mine", progress: 1 } },
    ]);
    expect(bridge.counters.lateMessages).toBe(1);
  });

  test("an answer nobody waits for is dropped and counted", () => {
    const { bridge, say } = setUp();
    say({ jsonrpc: "2.0", id: 99, result: {} });
    expect(bridge.counters.lateMessages).toBe(1);
  });

  test("stdout noise reaches nobody", () => {
    const { bridge, noise } = setUp();
    const session = join(bridge, "a");
    bridge.receive(Buffer.from("Server listening!"));
    expect(noise).toEqual(["Server listening!"]);
    expect(session.delivered).toEqual([]);
  });
});

test("a call of MCPProxy itself is answered, and counts as no client's", () => {
  const { bridge, sent, say } = setUp();
  const handshake = call(bridge, createOwnSession("mcpproxy"), { id: 0, method: "initialize" });
  expect([bridge.counters.callsTotal, bridge.callsInFlight]).toEqual([0, 0]);
  say({ jsonrpc: "2.0", id: sent[0]?.id, result: {} });
  expect(handshake.result).toEqual({ jsonrpc: "2.0", id: 0, result: {} });
});

describe("the end of a run", () => {
  test("fails every call in flight, with its own id", () => {
    const { bridge } = setUp();
    const session = join(bridge, "a");
    const first = call(bridge, session, { id: "p", method: "tools/call" });
    const second = call(bridge, session, { id: 2, method: "tools/list" });
    bridge.detach({ code: "server_unavailable", message: "Out of memory", data: { runId: "r" } });
    expect(first.result).toMatchObject({
      id: "p",
      error: { code: -32000, message: "Out of memory", data: { runId: "r" } },
    });
    expect(second.result).toMatchObject({ id: 2, error: { code: -32000 } });
    expect(call(bridge, session, { id: 3, method: "ping" }).result).toMatchObject({ id: 3, error: { code: -32000 } });
  });
});

describe("bounds", () => {
  test("an answer that is too long fails its call, and that one only", () => {
    const { bridge, sent } = setUp();
    const session = join(bridge, "a");
    const big = call(bridge, session, { id: "big", method: "tools/call" });
    const other = call(bridge, session, { id: "other", method: "tools/call" });
    bridge.receiveTooLong({
      sizeBytes: 99,
      head: Buffer.from('{"result":{'),
      tail: Buffer.from(`},"jsonrpc":"2.0","id":${sent[0]?.id}}`),
    });
    expect(big.result).toMatchObject({ id: "big", error: { code: -32001, message: expect.stringContaining("99") } });
    expect(other.result).toBeUndefined();
  });

  test("a server that does not read gets no more notifications", () => {
    const { bridge, sent } = setUp();
    const session = join(bridge, "a");
    bridge.attach({ writeLine: () => sent.push({}), unreadBytes: 65 * 1024 * 1024 });
    notify(bridge, session, { method: "notifications/roots/list_changed" });
    expect(sent).toEqual([]);
    expect(call(bridge, session, { id: 1, method: "ping" }).result).toMatchObject({ error: { code: -32001 } });
  });
});

describe("cancellation", () => {
  test("reaches the server under its id and ends the call", () => {
    const { bridge, sent, say } = setUp();
    const session = join(bridge, "a");
    const pending = call(bridge, session, { id: 5, method: "tools/call" });
    notify(bridge, session, { method: "notifications/cancelled", params: { requestId: 5 } });
    expect(sent[1]).toMatchObject({ method: "notifications/cancelled", params: { requestId: sent[0]?.id } });
    expect(pending.isCancelled).toBe(true);
    say({ jsonrpc: "2.0", id: sent[0]?.id, result: {} });
    expect(pending.result).toBeUndefined();
  });

  test("of another session's id does nothing", () => {
    const { bridge, sent } = setUp();
    const pending = call(bridge, join(bridge, "a"), { id: 5, method: "tools/call" });
    notify(bridge, join(bridge, "b"), { method: "notifications/cancelled", params: { requestId: 5 } });
    expect(sent).toHaveLength(1);
    expect(pending.isCancelled).toBe(false);
  });

  test("with the id in flight twice cancels neither", () => {
    const { bridge, sent } = setUp();
    const session = join(bridge, "a");
    call(bridge, session, { id: 5, method: "tools/call" });
    call(bridge, session, { id: 5, method: "tools/call" });
    notify(bridge, session, { method: "notifications/cancelled", params: { requestId: 5 } });
    expect(sent).toHaveLength(2);
  });

  test("a session that ends takes its calls with it", () => {
    const { bridge, sent } = setUp();
    const session = join(bridge, "a");
    call(bridge, session, { id: 5, method: "tools/call" });
    bridge.removeSession(session);
    expect(sent[1]).toMatchObject({ method: "notifications/cancelled", params: { requestId: sent[0]?.id } });
    expect(bridge.callsInFlight).toBe(0);
  });
});

describe("requests of the server", () => {
  const sampling = { jsonrpc: "2.0", id: "srv-1", method: "sampling/createMessage", params: {} };

  test("go to the only session with a call in flight; its answer goes back under the server's id", () => {
    const { bridge, sent, say } = setUp();
    const [asked, other] = [join(bridge, "a"), join(bridge, "b")];
    asked.capabilities = { sampling: true, elicitation: false, roots: false };
    const pending = call(bridge, asked, { id: 1, method: "tools/call" });
    say(sampling);
    const request = pending.messages[0];
    expect(request).toMatchObject({ method: "sampling/createMessage" });
    const answer = scanMessage(
      Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: request?.id, result: { text: "hi" } })),
    );
    if (answer.kind !== "response") throw new Error("a response");
    bridge.response(other, answer);
    expect(sent).toHaveLength(1);
    bridge.response(asked, answer);
    expect(sent[1]).toEqual({ jsonrpc: "2.0", id: "srv-1", result: { text: "hi" } });
  });

  test("are refused when two sessions have calls in flight", () => {
    const { bridge, sent, refused, say } = setUp();
    for (const name of ["a", "b"]) {
      const session = join(bridge, name);
      session.capabilities = { sampling: true, elicitation: false, roots: false };
      call(bridge, session, { id: 1, method: "tools/call" });
    }
    say(sampling);
    expect(sent[2]).toMatchObject({ id: "srv-1", error: { code: -32600 } });
    expect(refused).toEqual(["sampling/createMessage"]);
  });

  test("are refused when the client cannot do it", () => {
    const { bridge, sent, say } = setUp();
    call(bridge, join(bridge, "a"), { id: 1, method: "tools/call" });
    say(sampling);
    expect(sent[1]).toMatchObject({ id: "srv-1", error: { code: -32601 } });
  });

  test("are answered with an error when the client went away, so that its call ends", () => {
    const { bridge, sent, say } = setUp();
    const session = join(bridge, "a");
    session.capabilities = { sampling: true, elicitation: false, roots: false };
    call(bridge, session, { id: 1, method: "tools/call" }).isGone = true;
    say(sampling);
    expect(sent[1]).toMatchObject({ id: "srv-1", error: { code: -32603 } });
  });

  test("ping is answered at once", () => {
    const { sent, say } = setUp();
    say({ jsonrpc: "2.0", id: 0, method: "ping" });
    expect(sent).toEqual([{ jsonrpc: "2.0", id: 0, result: {} }]);
  });
});

describe("notifications of the server", () => {
  test("list_changed concerns every session", () => {
    const { bridge, say } = setUp();
    const sessions = [join(bridge, "a"), join(bridge, "b")];
    say({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
    for (const session of sessions) expect(session.delivered).toHaveLength(1);
  });

  test("resource updates go to subscribers only, and the last unsubscribe alone reaches the server", () => {
    const { bridge, sent, say } = setUp();
    const [one, other] = [join(bridge, "a"), join(bridge, "b")];
    for (const session of [one, other])
      call(bridge, session, { id: 1, method: "resources/subscribe", params: { uri: "file:///x" } });
    const early = call(bridge, one, { id: 2, method: "resources/unsubscribe", params: { uri: "file:///x" } });
    expect(early.result).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
    say({ jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: "file:///x" } });
    expect([one.delivered.length, other.delivered.length]).toEqual([0, 1]);
    call(bridge, other, { id: 2, method: "resources/unsubscribe", params: { uri: "file:///x" } });
    expect(sent.at(-1)).toMatchObject({ method: "resources/unsubscribe" });
  });

  test("logging while several sessions have calls in flight reaches none of them", () => {
    const { bridge, say } = setUp();
    const sessions = [join(bridge, "a"), join(bridge, "b")];
    for (const session of sessions) call(bridge, session, { id: 1, method: "tools/call" });
    say({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "a's secret" } });
    expect(sessions.map(({ delivered }) => delivered.length)).toEqual([0, 0]);
  });

  test("logging during one session's calls is that session's", () => {
    const { bridge, say } = setUp();
    const [busy, idle] = [join(bridge, "a"), join(bridge, "b")];
    call(bridge, busy, { id: 1, method: "tools/call" });
    say({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "x" } });
    expect([busy.delivered.length, idle.delivered.length]).toEqual([1, 0]);
  });
});
