import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { spanText, type Message, type RequestMessage } from "../../bridge/scan-message.ts";
import { dispatchModern } from "../modern/dispatch-modern.ts";
import type { ModernEndpoint } from "../modern/modern-endpoint.ts";
import type { ModernSink } from "../modern/modern-sink.ts";
import { claimedVersion, readEnvelope } from "../modern/read-envelope.ts";
import { isModernVersion } from "../protocol-versions.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { createModernAnswer } from "./modern-answer.ts";
import { headerMismatch } from "./modern-headers.ts";
import type { Outlet } from "./outlet.ts";

/** Whether a POST is of the modern era: the body decides, and for one that says nothing the header. */
export function isModernPost(request: IncomingMessage, message: Message): boolean {
  const claims = message.kind === "request" || message.kind === "notification" ? claimedVersion(message) : undefined;
  return claims !== undefined || namesModernVersion(request);
}

/** The header names a revision that has nothing but POST, and not just something unknown. */
export function namesModernRevision({ headers }: IncomingMessage): boolean {
  const version = headers["mcp-protocol-version"];
  return typeof version === "string" && /^\d{4}-\d\d-\d\d$/.test(version.trim()) && isModernVersion(version.trim());
}

function namesModernVersion({ headers }: IncomingMessage): boolean {
  const version = headers["mcp-protocol-version"];
  return typeof version === "string" && isModernVersion(version.trim());
}

export interface ModernPostContext {
  readonly endpoint: ModernEndpoint;
  readonly acceptsStream: boolean;
  readonly outlet: Outlet;
}

/** Answers a POST of the modern era; https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http */
export function handleModernPost(
  request: IncomingMessage,
  response: ServerResponse,
  { message, ...context }: ModernPostContext & { readonly message: Message },
): void {
  switch (message.kind) {
    case "request":
      handleRequest(request, response, { ...context, message });
      return;
    case "notification":
      // Over HTTP this revision has no notification of a client that would say anything.
      response.writeHead(202).end();
      return;
    case "response":
    case "invalid":
      answerRefusal(response, {
        status: 400,
        error: {
          code: "invalid_request",
          message: "A client of this revision sends requests; what a server asks is answered in inputResponses.",
        },
      });
      return;
    default:
      message satisfies never;
  }
}

function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { endpoint, acceptsStream, outlet, message }: ModernPostContext & { readonly message: RequestMessage },
): void {
  const idText = spanText(message.bytes, message.id);
  const envelope = readEnvelope(message);
  const error =
    "code" in envelope
      ? envelope
      : (headerMismatch(request.headers, message, envelope.version) ??
        endpoint.parameterHeaders.mismatch(request.headers, message));
  if ("code" in envelope || error !== undefined) {
    if (error !== undefined) answerRefusal(response, { status: 400, error, idText });
    return;
  }
  if (message.method === "subscriptions/listen" && !acceptsStream) {
    const text = "subscriptions/listen is a stream: accept text/event-stream.";
    answerRefusal(response, { status: 406, error: { code: "invalid_request", message: text }, idText });
    return;
  }
  const answer = createModernAnswer(response, { acceptsStream, outlet });
  const sink = message.method === "tools/list" ? learning(answer, endpoint) : answer;
  const call = dispatchModern(endpoint.peer(principalOf(request)), { message, envelope, sink });
  // A client that goes away before the end cancels; after the end this does nothing.
  response.once("close", () => call.cancel());
}

/** Each list of tools tells which arguments later calls have to repeat in headers. */
function learning(sink: ModernSink, { parameterHeaders }: ModernEndpoint): ModernSink {
  return {
    ...sink,
    onResult(message, status) {
      parameterHeaders.learn(message);
      sink.onResult(message, status);
    },
  };
}

/** Who a client is, as far as its requests show: what it proves itself with. */
function principalOf({ headers }: IncomingMessage): string {
  const proofs = [headers.authorization ?? "", String(headers["x-api-key"] ?? "")];
  return createHash("sha256").update(JSON.stringify(proofs)).digest("base64url");
}
