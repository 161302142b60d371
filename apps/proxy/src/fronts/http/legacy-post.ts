import type { IncomingMessage, ServerResponse } from "node:http";
import { errorResponse } from "../../bridge/rpc-error.ts";
import { spanText, type Message, type RequestMessage } from "../../bridge/scan-message.ts";
import type { CallSink } from "../../bridge/session.ts";
import { dispatch } from "../dispatch.ts";
import { accepts } from "./accepts.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { findSession, versionProblem } from "./find-session.ts";
import type { EndpointContext } from "./front-context.ts";
import type { HttpSession, HttpSessions } from "./http-sessions.ts";
import { takeHandshake } from "./take-handshake.ts";
import { noSink } from "./no-sink.ts";
import { PostAnswer } from "./post-answer.ts";

/** Answers a POST of one message by a client with a session, or by one that wants one. */
export function handleLegacyPost(
  request: IncomingMessage,
  response: ServerResponse,
  { message, ...context }: EndpointContext & { readonly message: Message },
): void {
  const problem = versionProblem(request);
  if (problem !== undefined) {
    answerRefusal(response, { status: 400, error: problem });
    return;
  }
  if (message.kind === "request" && message.method === "initialize") {
    beginSession(request, response, { ...context, message });
    return;
  }
  const http = findSession(request, response, context);
  if (http === undefined) return;
  if (message.kind === "request") {
    const { sessions } = context;
    const answer = openAnswer(request, response, { http, requests: 1, isBatch: false });
    const sink = answer.sink(spanText(message.bytes, message.id));
    dispatchBounded({ http, sessions, message, sink });
    return;
  }
  dispatch(http, message, noSink);
  response.writeHead(202).end();
}

export interface AnswerShape {
  readonly http: HttpSession;
  readonly requests: number;
  readonly isBatch: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a POST with requests, which counts as their calls until it is complete. */
export function openAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { headers = {}, ...shape }: AnswerShape,
): PostAnswer {
  const { http, requests } = shape;
  http.openCalls += requests;
  return new PostAnswer({
    ...shape,
    response,
    headers,
    acceptsStream: accepts(request, "text/event-stream"),
    onDone: () => {
      http.openCalls -= requests;
      http.lastUsedMs = performance.now();
    },
  });
}

/** Hands a call to the server, unless the session has too many already. */
export function dispatchBounded(call: {
  readonly http: HttpSession;
  readonly sessions: HttpSessions;
  readonly message: RequestMessage;
  readonly sink: CallSink;
}): void {
  const { http, sessions, message, sink } = call;
  const { callsPerSession } = sessions.limits();
  if (http.openCalls <= callsPerSession) {
    dispatch(http, message, sink);
    return;
  }
  const text = `${callsPerSession} calls of this session wait for an answer (limits.max_calls); call again later.`;
  http.server.noteLimitExceeded?.(text);
  sink.onResult(errorResponse(spanText(message.bytes, message.id), { code: "limit_exceeded", message: text }));
}

function beginSession(
  request: IncomingMessage,
  response: ServerResponse,
  { message, sessions, server }: EndpointContext & { readonly message: RequestMessage },
): void {
  const http = sessions.create(server);
  if (http === undefined) {
    const text = "Too many sessions are in use (limits.max_sessions); end some with DELETE, or try again later.";
    answerRefusal(response, { status: 503, error: { code: "limit_exceeded", message: text } });
    return;
  }
  const headers = { "mcp-session-id": http.session.id };
  const answer = openAnswer(request, response, { http, requests: 1, isBatch: false, headers });
  const sink = answer.sink(spanText(message.bytes, message.id));
  dispatch(http, message, takeHandshake(sink, { http, sessions }));
}
