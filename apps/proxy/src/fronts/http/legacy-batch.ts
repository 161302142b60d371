import type { IncomingMessage, ServerResponse } from "node:http";
import { errorResponse } from "../../bridge/rpc-error.ts";
import { scanMessage, spanText, type Message } from "../../bridge/scan-message.ts";
import { dispatch } from "../dispatch.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { findSession, versionProblem } from "./find-session.ts";
import type { EndpointContext } from "./front-context.ts";
import type { HttpSession } from "./http-sessions.ts";
import { dispatchBounded, openAnswer } from "./legacy-post.ts";
import { noSink } from "./no-sink.ts";
import { splitBatch } from "./split-batch.ts";

/** The one revision with batches, and what a session speaks that nobody said anything about. */
const batchVersion = "2025-03-26";
const maxBatchMessages = 1_000;

/** Answers a POST of several messages; https://modelcontextprotocol.io/specification/2025-03-26/basic/transports */
export function handleBatch(
  request: IncomingMessage,
  response: ServerResponse,
  { body, ...context }: EndpointContext & { readonly body: Buffer },
): void {
  const refuse = (message: string): void =>
    answerRefusal(response, { status: 400, error: { code: "invalid_request", message } });
  const problem = versionProblem(request);
  if (problem !== undefined) {
    refuse(problem.message);
    return;
  }
  const http = findSession(request, response, context);
  if (http === undefined) return;
  const version = http.protocolVersion ?? batchVersion;
  if (version !== batchVersion) {
    refuse(`Revision ${version}, which this session speaks, has no batches; send each message by itself.`);
    return;
  }
  const elements = splitBatch(body);
  if (elements === undefined) {
    answerRefusal(response, { status: 400, error: { code: "parse_error", message: "The batch is not valid JSON." } });
  } else if (elements.length === 0 || elements.length > maxBatchMessages) {
    refuse(`A batch has 1 to ${maxBatchMessages} messages, this one ${elements.length}.`);
  } else dispatchAll(request, response, { ...context, http, messages: elements.map(scanMessage) });
}

function dispatchAll(
  request: IncomingMessage,
  response: ServerResponse,
  context: EndpointContext & { readonly http: HttpSession; readonly messages: readonly Message[] },
): void {
  const { http, sessions, messages } = context;
  const requests = messages.filter(({ kind }) => kind === "request" || kind === "invalid").length;
  const answer = requests === 0 ? undefined : openAnswer(request, response, { http, requests, isBatch: true });
  for (const message of messages) {
    const isRequest = message.kind === "request";
    const sink = answer?.sink(isRequest ? spanText(message.bytes, message.id) : "null") ?? noSink;
    if (!isRequest) dispatch(http, message, sink);
    else if (message.method === "initialize") {
      const text = "initialize must not be in a batch; send it by itself.";
      const idText = spanText(message.bytes, message.id);
      sink.onResult(errorResponse(idText, { code: "invalid_request", message: text }));
    } else dispatchBounded({ http, sessions, message, sink });
  }
  if (answer === undefined) response.writeHead(202).end();
}
