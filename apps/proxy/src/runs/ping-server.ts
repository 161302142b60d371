import type { Bridge } from "../bridge/bridge.ts";
import { scanMessage } from "../bridge/scan-message.ts";
import { createOwnSession } from "../bridge/session.ts";

export interface SentPing {
  /** No answer counts any more. */
  giveUp(): void;
}

/** Asks the server for a sign of life. Any answer of its own will do, also an error; MCPProxy's own refusals will not. */
export function pingServer(bridge: Bridge, onAnswer: () => void): SentPing {
  const request = scanMessage(Buffer.from('{"jsonrpc":"2.0","id":"health-check","method":"ping"}'));
  if (request.kind !== "request") throw new Error("ping is a request");
  const call = bridge.request(proxySession, request, {
    onMessage: () => false,
    onResult: (_message, answer) => {
      if (answer !== undefined) onAnswer();
    },
    onCancelled: () => undefined,
  });
  return {
    giveUp: () => {
      if (call !== undefined) bridge.abandon(call, "no answer to a health check in time");
    },
  };
}

const proxySession = createOwnSession("mcpproxy");
