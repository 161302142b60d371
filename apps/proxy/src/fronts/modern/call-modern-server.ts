import { metaKeys, metaValue } from "../../bridge/envelope.ts";
import { spanText } from "../../bridge/scan-message.ts";
import { createRequestSession, type CallSink } from "../../bridge/session.ts";
import { capabilitiesFor } from "./client-capabilities.ts";
import type { ModernRequest } from "./dispatch-modern.ts";
import type { ModernPeer } from "./modern-peer.ts";
import { statusOfAnswer, type ModernCall } from "./modern-sink.ts";

/** Between two of the modern era only ids, tokens and the ids of subscriptions change. */
export function callModernServer({ connection }: ModernPeer, { message, envelope, sink }: ModernRequest): ModernCall {
  const { bridge } = connection;
  const idText = spanText(message.bytes, message.id);
  const capabilities = capabilitiesFor(message.method, envelope.capabilities);
  const session = { ...createRequestSession(idText, capabilities), loggingLevel: envelope.logLevel };
  const callSink: CallSink = {
    onMessage: (bytes) => sink.onMessage(bytes),
    onResult: (bytes, answer) => sink.onResult(bytes, answer === undefined ? 200 : statusOfAnswer(answer)),
    onCancelled: () => undefined,
    editAnswer({ result }) {
      const span = metaValue(result?.meta, metaKeys.subscriptionId);
      return span === undefined ? [] : [{ span, text: idText }];
    },
  };
  const call = bridge.request(session, message, callSink);
  return {
    cancel() {
      if (call !== undefined) bridge.abandon(call, "the client closed its request");
    },
  };
}
