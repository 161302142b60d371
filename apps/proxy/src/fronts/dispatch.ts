import { errorResponse } from "../bridge/rpc-error.ts";
import { spanText, type Message, type RequestMessage } from "../bridge/scan-message.ts";
import type { CallSink, Session } from "../bridge/session.ts";
import type { Connection } from "../runs/connection.ts";
import { answerInitialize } from "./initialize.ts";
import { rpcErrorOf } from "./rpc-error-of.ts";

export interface Client {
  readonly connection: Connection;
  readonly session: Session;
}

/** Sends one message of a client where it belongs. The sink is used for requests only, and always gets an answer. */
export function dispatch(client: Client, message: Message, sink: CallSink): void {
  const { connection, session } = client;
  switch (message.kind) {
    case "request":
      dispatchRequest(client, message, sink);
      return;
    case "notification":
      // The run had its own handshake; each further session is only ours.
      if (message.method !== "notifications/initialized") connection.bridge.notification(session, message);
      return;
    case "response":
      connection.bridge.response(session, message);
      return;
    case "invalid":
      sink.onResult(
        errorResponse("null", {
          code: message.problem === "parse" ? "parse_error" : "invalid_request",
          message: message.reason,
        }),
      );
      return;
    default:
      message satisfies never;
  }
}

function dispatchRequest(client: Client, message: RequestMessage, sink: CallSink): void {
  const { connection, session } = client;
  if (message.method === "initialize") void answerInitialize(client, message).then((answer) => sink.onResult(answer));
  else if (connection.isReady) connection.bridge.request(session, message, sink);
  else void startThenRequest(client, message, sink);
}

async function startThenRequest(
  { connection, session }: Client,
  message: RequestMessage,
  sink: CallSink,
): Promise<void> {
  try {
    await connection.ensureReady("call");
    connection.bridge.request(session, message, sink);
  } catch (error) {
    sink.onResult(errorResponse(spanText(message.bytes, message.id), rpcErrorOf(error, connection)));
  }
}
