import type { Call } from "../bridge/calls.ts";
import { scanMessage } from "../bridge/scan-message.ts";
import type { Session } from "../bridge/session.ts";
import type { Connection } from "../runs/connection.ts";

export interface ServerRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** Sends one request of MCPProxy's own through the bridge. Resolves with the whole answer; rejects when the signal ends it. */
export function requestServer(
  { connection, session }: { readonly connection: Pick<Connection, "bridge">; readonly session: Session },
  { method, params, signal }: ServerRequest,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })));
  if (message.kind !== "request") throw new Error("a request was made, so it is one");
  if (signal.aborted) return Promise.reject(reasonOf(signal));
  const call: Call | undefined = connection.bridge.request(session, message, {
    onMessage: () => false,
    onResult: resolve,
    onCancelled: () => reject(reasonOf(signal)),
  });
  const giveUp = (): void => {
    if (call !== undefined) connection.bridge.abandon(call, "nobody waits for the answer any more");
  };
  signal.addEventListener("abort", giveUp, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", giveUp));
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error("the request was given up");
}
