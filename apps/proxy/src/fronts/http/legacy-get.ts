import type { IncomingMessage, ServerResponse } from "node:http";
import type { RpcErrorCode } from "../../bridge/rpc-error.ts";
import { accepts } from "./accepts.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { EventStream } from "./event-stream.ts";
import { findSession } from "./find-session.ts";
import type { EndpointContext } from "./front-context.ts";
import type { HttpSession } from "./http-sessions.ts";
import { readEventId } from "./session-streams.ts";

/** Answers a GET: a stream of its own, or the rest of one whose connection broke. */
export function handleLegacyGet(request: IncomingMessage, response: ServerResponse, context: EndpointContext): void {
  const refuse = (status: number, code: RpcErrorCode, message: string): void =>
    answerRefusal(response, { status, error: { code, message } });
  if (!accepts(request, "text/event-stream")) {
    refuse(406, "invalid_request", "GET opens a stream: accept text/event-stream.");
    return;
  }
  const http = findSession(request, response, context);
  if (http === undefined) return;
  const lastEventId = request.headers["last-event-id"];
  const point = typeof lastEventId === "string" ? readEventId(lastEventId) : undefined;
  if (typeof lastEventId === "string" && (point === undefined || !http.streams.canResume(point))) {
    // Not 404: that would end the session.
    refuse(400, "invalid_request", `Nothing is left behind the event ${JSON.stringify(lastEventId.slice(0, 64))}.`);
    return;
  }
  const { streamsPerSession } = context.sessions.limits();
  if (point?.isListening !== false && http.streams.listeningCount >= streamsPerSession) {
    const message = `${streamsPerSession} streams of this session are open (limits.max_streams); close one first.`;
    http.server.noteLimitExceeded?.(message);
    refuse(429, "limit_exceeded", message);
    return;
  }
  const connection = openConnection(response, http);
  if (point === undefined) http.streams.listen(connection);
  else http.streams.resume(point, connection);
}

function openConnection(response: ServerResponse, http: HttpSession): EventStream {
  const connection = new EventStream(response, { outlet: http.outlet });
  connection.onClose(() => {
    http.lastUsedMs = performance.now();
  });
  return connection;
}
