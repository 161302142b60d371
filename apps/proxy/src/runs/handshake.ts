import type { Bridge } from "../bridge/bridge.ts";
import { scanMessage } from "../bridge/scan-message.ts";
import { createOwnSession } from "../bridge/session.ts";
import { asHandshake, discoverRequest, isModernServer } from "./discover-server.ts";
import { readInitializeAnswer, initializeRequest } from "./initialize-server.ts";
import type { KnownEra } from "./known-eras.ts";

/** What the server says of itself, kept for every session that comes. */
export interface Handshake {
  readonly era: "legacy" | "modern";
  readonly protocolVersion: string;
  /** The whole result of initialize as an object, unknown fields included; of a modern server, what it would have been. */
  readonly result: Readonly<Record<string, unknown>>;
  /** The result of a modern server's server/discover. */
  readonly discovered?: Readonly<Record<string, unknown>>;
}

export type HandshakeAnswer =
  | { readonly kind: "initialized"; readonly handshake: Handshake }
  | { readonly kind: "error_answer" | "invalid_answer"; readonly message: string };

export interface HandshakeOptions {
  /** Version of MCPProxy, told to the server. */
  readonly version: string;
  readonly era: KnownEra;
  /** How long a server may be silent about server/discover before it is also sent initialize. */
  readonly silenceMs: number;
}

/**
 * Finds out what the server speaks, as https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio#backward-compatibility
 * says: server/discover first, and whoever does not answer it as a modern server gets initialize. Waits as long as the
 * server lives; the caller has the deadline.
 */
export async function shakeHands(bridge: Bridge, options: HandshakeOptions): Promise<HandshakeAnswer> {
  const { version, era } = options;
  if (era.value === "legacy") return await initializeFirst(bridge, options);
  const discovered = ask(bridge, discoverRequest(version));
  const first = await orSilence(discovered, era.value === "modern" ? undefined : options.silenceMs);
  if (first === undefined) return await shakeHandsWithSilent(bridge, { ...options, discovered });
  if (isModernServer(first)) return becomeModern(bridge, { era, answer: first });
  const answer = readInitializeAnswer(await ask(bridge, initializeRequest(version)));
  return answer.kind === "initialized" ? becomeLegacy(bridge, { era, handshake: answer.handshake }) : answer;
}

/** For a server that is believed to be of the legacy era; it may be another program by now. */
async function initializeFirst(
  bridge: Bridge,
  { version, era, silenceMs }: HandshakeOptions,
): Promise<HandshakeAnswer> {
  const answer = readInitializeAnswer(await ask(bridge, initializeRequest(version)));
  if (answer.kind === "initialized") return becomeLegacy(bridge, { era, handshake: answer.handshake });
  if (answer.kind !== "error_answer") return answer;
  const discovered = await orSilence(ask(bridge, discoverRequest(version)), silenceMs);
  return discovered !== undefined && isModernServer(discovered)
    ? becomeModern(bridge, { era, answer: discovered })
    : answer;
}

/** It may be of the legacy era and ignore what it does not know, or still be starting: the first good answer decides. */
async function shakeHandsWithSilent(
  bridge: Bridge,
  { version, era, discovered }: HandshakeOptions & { readonly discovered: Promise<Buffer> },
): Promise<HandshakeAnswer> {
  const answer = readInitializeAnswer(await ask(bridge, initializeRequest(version)));
  const late = await orSilence(discovered, 0);
  const isModern = late !== undefined && isModernServer(late);
  if (answer.kind !== "initialized") return isModern ? becomeModern(bridge, { era, answer: late }) : answer;
  const legacy = becomeLegacy(bridge, { era, handshake: answer.handshake });
  // It speaks both and was only slow: this run is begun with initialize, the next one need not be.
  if (isModern) era.value = "modern";
  return legacy;
}

function becomeModern(bridge: Bridge, { era, answer }: { era: KnownEra; answer: Buffer }): HandshakeAnswer {
  const read = asHandshake(answer);
  if (read.kind !== "initialized") return read;
  era.value = "modern";
  bridge.useEra("modern");
  return read;
}

function becomeLegacy(bridge: Bridge, { era, handshake }: { era: KnownEra; handshake: Handshake }): HandshakeAnswer {
  era.value = "legacy";
  const initialized = scanMessage(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
  if (initialized.kind === "notification") bridge.notification(proxySession, initialized);
  return { kind: "initialized", handshake };
}

/** MCPProxy's own side of the conversation. */
const proxySession = createOwnSession("mcpproxy");

function ask(bridge: Bridge, message: object): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const request = scanMessage(Buffer.from(JSON.stringify(message)));
  if (request.kind !== "request") throw new Error("a handshake is a request");
  bridge.request(proxySession, request, {
    onMessage: () => false,
    onResult: resolve,
    onCancelled: () => reject(new Error("the handshake was cancelled")),
  });
  return promise;
}

/** The answer, or undefined when none came in time. */
async function orSilence(answer: Promise<Buffer>, afterMs: number | undefined): Promise<Buffer | undefined> {
  if (afterMs === undefined) return await answer;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), afterMs);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
