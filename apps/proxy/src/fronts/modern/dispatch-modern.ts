import { modernVersion } from "../../bridge/envelope.ts";
import { spanText, type RequestMessage } from "../../bridge/scan-message.ts";
import type { Handshake } from "../../runs/handshake.ts";
import { rpcErrorOf } from "../rpc-error-of.ts";
import { callModernServer } from "./call-modern-server.ts";
import { answerDiscover, serverInfoTextOf } from "./discover.ts";
import { LegacyCall } from "./legacy-call.ts";
import { listenToLegacyServer } from "./listen.ts";
import type { ModernPeer } from "./modern-peer.ts";
import { refuseModern, type ModernCall, type ModernSink } from "./modern-sink.ts";
import type { Envelope } from "./read-envelope.ts";
import { requestDigest } from "./request-state.ts";
import { readRetryParams } from "./retry-params.ts";

export interface ModernRequest {
  readonly message: RequestMessage;
  readonly envelope: Envelope;
  readonly sink: ModernSink;
}

/** What this revision has removed; https://modelcontextprotocol.io/specification/2026-07-28/changelog */
const removedMethods: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "logging/setLevel",
  "resources/subscribe",
  "resources/unsubscribe",
]);

/** Sends a request of a client of the modern era where it belongs. The sink always gets an answer, unless it is cancelled. */
export function dispatchModern(peer: ModernPeer, request: ModernRequest): ModernCall {
  const { message, envelope, sink } = request;
  const idText = spanText(message.bytes, message.id);
  if (envelope.version !== modernVersion) {
    refuseModern(sink, idText, {
      code: "unsupported_version",
      message: "Unsupported protocol version",
      data: { supported: [modernVersion], requested: envelope.version },
    });
    return nothingToCancel;
  }
  if (removedMethods.has(message.method)) {
    refuseModern(sink, idText, {
      code: "method_not_found",
      message: `${message.method} is not part of revision ${modernVersion}`,
    });
    return nothingToCancel;
  }
  return whenReady(peer, request);
}

const nothingToCancel: ModernCall = { cancel: () => undefined };

/** The server is started when it does not run; the client may be gone by then. */
function whenReady(peer: ModernPeer, request: ModernRequest): ModernCall {
  let call: ModernCall | undefined;
  let isCancelled = false;
  const start = (handshake: Handshake): void => {
    if (!isCancelled) call = serve(peer, request, handshake);
  };
  const { connection } = peer;
  void connection.ensureReady("call").then(start, (error: unknown) => {
    const { message, sink } = request;
    if (!isCancelled) refuseModern(sink, spanText(message.bytes, message.id), rpcErrorOf(error, connection));
  });
  return {
    cancel() {
      isCancelled = true;
      call?.cancel();
    },
  };
}

function serve(peer: ModernPeer, request: ModernRequest, handshake: Handshake): ModernCall {
  const { message, envelope, sink } = request;
  if (message.method === "server/discover") {
    sink.onResult(answerDiscover(message, handshake), 200);
    return nothingToCancel;
  }
  if (handshake.era === "modern") return callModernServer(peer, request);
  if (message.method === "subscriptions/listen") return listenToLegacyServer(peer, request, handshake);
  if (message.isRetry) return retry(peer, request, handshake);
  const call = new LegacyCall(message, sink, { ...optionsOf(peer, handshake), envelope });
  call.start();
  return { cancel: () => call.cancel(sink) };
}

function optionsOf({ connection, parked, principal }: ModernPeer, handshake: Handshake) {
  return { bridge: connection.bridge, parked, principal, serverInfoText: serverInfoTextOf(handshake) };
}

/** A retry goes on with the very call that waits in the server; one without a state is a call of its own. */
function retry(peer: ModernPeer, { message, envelope, sink }: ModernRequest, handshake: Handshake): ModernCall {
  const idText = spanText(message.bytes, message.id);
  const reading = readRetryParams(message);
  if (reading.kind === "invalid") {
    refuseModern(sink, idText, reading.error);
    return nothingToCancel;
  }
  const { requestState, inputResponses = {} } = reading.params;
  if (requestState === undefined) {
    const call = new LegacyCall(message, sink, { ...optionsOf(peer, handshake), envelope });
    call.start(inputResponses);
    return { cancel: () => call.cancel(sink) };
  }
  const { principal, parked } = peer;
  const digest = requestDigest({ principal, method: message.method, params: reading.params });
  const waiting = parked.resume(requestState, digest);
  if (!(waiting instanceof LegacyCall)) {
    refuseModern(sink, idText, waiting);
    return nothingToCancel;
  }
  waiting.resume(message, sink, inputResponses);
  return { cancel: () => waiting.cancel(sink) };
}
