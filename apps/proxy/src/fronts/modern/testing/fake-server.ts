import { Bridge } from "../../../bridge/bridge.ts";
import { scanMessage } from "../../../bridge/scan-message.ts";
import { createSession, type Session } from "../../../bridge/session.ts";
import type { Connection } from "../../../runs/connection.ts";
import type { Handshake } from "../../../runs/handshake.ts";
import { until } from "../../../testing/until.ts";
import { dispatchModern } from "../dispatch-modern.ts";
import type { LegacyCall } from "../legacy-call.ts";
import type { ModernPeer } from "../modern-peer.ts";
import { ParkedCalls, type ParkedCallsOptions } from "../parked-calls.ts";
import { readEnvelope } from "../read-envelope.ts";

export type Json = Readonly<Record<string, unknown>>;

export const legacyHandshake: Handshake = {
  era: "legacy",
  protocolVersion: "2025-11-25",
  result: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, tasks: {}, logging: {} },
    serverInfo: { name: "fake", version: "1" },
    instructions: "Be kind.",
  },
};
export const modernHandshake: Handshake = { ...legacyHandshake, era: "modern", protocolVersion: "2026-07-28" };

/** The envelope of a client that can do this. */
export function envelope(capabilities: Json = {}, more: Json = {}): Json {
  return {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": capabilities,
    ...more,
  };
}

export interface AskedRequest {
  readonly messages: readonly Json[];
  readonly result: Json | undefined;
  readonly status: number | undefined;
  cancel(): void;
  /** Waits for the result. */
  answer(): Promise<Json>;
}

export interface FakeServer {
  readonly bridge: Bridge;
  readonly parked: ParkedCalls<LegacyCall>;
  /** What reached the server's stdin. */
  readonly sent: readonly Json[];
  /** The newest message of this method that reached the server. */
  sentOf(method: string): Promise<Json>;
  say(message: Json): void;
  ask(request: Json, principal?: string): AskedRequest;
  /** A session of the legacy era, and what was delivered to it. */
  join(id: string): Session & { readonly delivered: readonly Json[] };
}

/** A bridge whose server is the test itself, for clients of the modern era. */
export function fakeServer(handshake = legacyHandshake, parkedOptions: Partial<ParkedCallsOptions> = {}): FakeServer {
  const sent: Json[] = [];
  const bridge = new Bridge({
    server: "s",
    now: () => performance.now(),
    onNoise: () => undefined,
    onRequestRefused: () => undefined,
    onCallEnded: () => undefined,
  });
  bridge.attach({ writeLine: (line) => sent.push(JSON.parse(line.toString())), unreadBytes: 0 });
  bridge.useEra(handshake.era);
  const parked = new ParkedCalls<LegacyCall>(parkedOptions);
  const connection = fakeConnection(bridge, handshake);
  const peer = (principal: string): ModernPeer => ({ connection, principal, parked, listens: new Set() });
  return {
    bridge,
    parked,
    sent,
    sentOf: (method) =>
      until(`${method} at the server`, () => sent.findLast((message) => message["method"] === method)),
    say: (message) => bridge.receive(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }))),
    ask: (request, principal = "me") => ask(peer(principal), request),
    join(id) {
      const delivered: Json[] = [];
      const session = createSession(id, (message) => delivered.push(JSON.parse(message.toString())));
      bridge.addSession(session);
      return Object.assign(session, { delivered });
    },
  };
}

function fakeConnection(bridge: Bridge, handshake: Handshake): Connection {
  return {
    bridge,
    isReady: true,
    isOver: false,
    ensureReady: () => Promise.resolve(handshake),
    reportBug: (error) => {
      throw error;
    },
    close: () => undefined,
  };
}

function ask(peer: ModernPeer, request: Json): AskedRequest {
  const messages: Json[] = [];
  let result: Json | undefined;
  let status: number | undefined;
  const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...request })));
  if (message.kind !== "request") throw new Error("a request");
  const read = readEnvelope(message);
  if ("code" in read) throw new Error(read.message);
  const sink = {
    onMessage(bytes: Buffer) {
      messages.push(JSON.parse(bytes.toString()));
      return true;
    },
    onResult(bytes: Buffer, httpStatus: number) {
      if (result !== undefined) throw new Error("a second result");
      result = JSON.parse(bytes.toString());
      status = httpStatus;
    },
  };
  const call = dispatchModern(peer, { message, envelope: read, sink });
  return {
    messages,
    get result() {
      return result;
    },
    get status() {
      return status;
    },
    cancel: () => call.cancel(),
    answer: () => until("the result", () => result),
  };
}
