import type { IncomingMessage, ServerResponse } from "node:http";
import { scanMessage, type RequestMessage } from "../../bridge/scan-message.ts";
import type { CallSink } from "../../bridge/session.ts";
import { dispatch } from "../dispatch.ts";
import { accepts } from "./accepts.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { endpointFrame } from "./event-frame.ts";
import { EventStream } from "./event-stream.ts";
import { versionProblem } from "./find-session.ts";
import type { EndpointContext } from "./front-context.ts";
import type { HttpSession } from "./http-sessions.ts";
import { dispatchBounded } from "./legacy-post.ts";
import { noSink } from "./no-sink.ts";
import { takePostBody } from "./post-body.ts";
import { takeHandshake } from "./take-handshake.ts";

/** The two paths of HTTP+SSE below that of a server; https://modelcontextprotocol.io/specification/2024-11-05/basic/transports */
export type SsePath = "sse" | "messages";

/** HTTP+SSE of 2024-11-05, for clients that know nothing newer. */
export async function handleSse(
  request: IncomingMessage,
  response: ServerResponse,
  { path, ...context }: EndpointContext & { readonly path: SsePath },
): Promise<void> {
  const method = path === "sse" ? "GET" : "POST";
  if (request.method !== method) {
    response.setHeader("allow", method);
    refuse(response, 405, `This path of HTTP+SSE has ${method} only.`);
  } else if (path === "sse") openSession(request, response, context);
  else await takeMessage(request, response, context);
}

function openSession(request: IncomingMessage, response: ServerResponse, { sessions, server }: EndpointContext): void {
  if (!accepts(request, "text/event-stream")) {
    refuse(response, 406, "GET opens a stream: accept text/event-stream.");
    return;
  }
  let stream: EventStream | undefined;
  const http = sessions.create(server, (outlet) => (stream = new EventStream(response, { outlet })));
  if (http === undefined || stream === undefined) {
    const message = "Too many sessions are in use (limits.max_sessions); close some, or try again later.";
    answerRefusal(response, { status: 503, error: { code: "limit_exceeded", message } });
    return;
  }
  // This transport cannot go on with a stream: its session ends with it.
  stream.onClose(() => sessions.end(http));
  const base = (request.url ?? "").split("?")[0]?.replace(/sse$/, "messages") ?? "";
  stream.write(endpointFrame(`${base}?sessionId=${http.session.id}`));
}

async function takeMessage(
  request: IncomingMessage,
  response: ServerResponse,
  context: EndpointContext,
): Promise<void> {
  const body = await takePostBody(request, response, context);
  if (body === undefined) return;
  const id = new URL(request.url ?? "", "http://localhost").searchParams.get("sessionId");
  const http = id === null ? undefined : context.sessions.find(id, context.server, "sse");
  if (http === undefined) {
    refuse(response, 404, "This session is unknown or has ended; open the stream again.");
    return;
  }
  const message = scanMessage(body);
  const problem = versionProblem(request)?.message ?? (message.kind === "invalid" ? message.reason : undefined);
  if (problem !== undefined) {
    refuse(response, 400, problem);
    return;
  }
  response.writeHead(202, { "content-type": "text/plain" }).end("Accepted");
  if (message.kind === "request") call(message, http, context);
  else dispatch(http, message, noSink);
}

function call(message: RequestMessage, http: HttpSession, { sessions }: EndpointContext): void {
  const { sseStream } = http;
  if (sseStream === undefined) return;
  http.openCalls += 1;
  const sink: CallSink = {
    onMessage(progress) {
      sseStream.deliver(progress);
      return sseStream.isOpen;
    },
    onResult(result) {
      http.openCalls -= 1;
      sseStream.deliver(result);
    },
    onCancelled: () => void (http.openCalls -= 1),
  };
  if (message.method === "initialize") dispatch(http, message, takeHandshake(sink, { http, sessions }));
  else dispatchBounded({ http, sessions, message, sink });
}

function refuse(response: ServerResponse, status: number, message: string): void {
  answerRefusal(response, { status, error: { code: "invalid_request", message } });
}
