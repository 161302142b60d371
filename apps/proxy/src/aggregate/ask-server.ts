import type { ClientSide } from "../bridge/client-side.ts";
import { scanMessage, type ResponseMessage } from "../bridge/scan-message.ts";
import type { Session } from "../bridge/session.ts";

export interface OwnQuestion {
  readonly bridge: ClientSide;
  /** Of MCPProxy itself. */
  readonly session: Session;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/** A request of MCPProxy's own to a server that is ready; undefined when it gets no good answer in time. */
export function askServer({
  bridge,
  session,
  method,
  params,
  timeoutMs,
}: OwnQuestion): Promise<ResponseMessage | undefined> {
  const { promise, resolve } = Promise.withResolvers<ResponseMessage | undefined>();
  const message = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 0, method, params })));
  if (message.kind !== "request") throw new Error(`${method} is a request`);
  const call = bridge.request(session, message, {
    onMessage: () => false,
    onResult(bytes) {
      const answer = scanMessage(bytes);
      resolve(answer.kind === "response" && !answer.isError ? answer : undefined);
    },
    onCancelled: () => resolve(undefined),
  });
  if (call === undefined) return promise;
  const timer = setTimeout(() => bridge.abandon(call, `no answer within ${timeoutMs} ms`), timeoutMs);
  return promise.finally(() => clearTimeout(timer));
}
