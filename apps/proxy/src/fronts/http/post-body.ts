import type { IncomingMessage, ServerResponse } from "node:http";
import { accepts } from "./accepts.ts";
import { answerRefusal } from "./answer-refusal.ts";
import type { EndpointContext } from "./front-context.ts";
import { readBody } from "./read-body.ts";

/** The body of a POST; undefined when it was refused, and answered. */
export async function takePostBody(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, server }: EndpointContext,
): Promise<Buffer | undefined> {
  const problem = contentProblem(request);
  if (problem !== undefined) {
    const { status, message } = problem;
    answerRefusal(response, { status, error: { code: "invalid_request", message } });
    return undefined;
  }
  const { bodyBytes } = sessions.limits();
  const body = await readBody(request, bodyBytes);
  if (typeof body === "object") return body;
  if (body === "gone" || response.destroyed) return undefined;
  const message = `The body is larger than ${bodyBytes} bytes (limits.max_body); send less, or raise the limit.`;
  server.noteLimitExceeded?.(message);
  // The rest of the body is not read, so the connection cannot be used again.
  response.setHeader("connection", "close");
  answerRefusal(response, { status: 413, error: { code: "limit_exceeded", message } });
  return undefined;
}

function contentProblem(request: IncomingMessage): { readonly status: number; readonly message: string } | undefined {
  if (request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    return { status: 415, message: "The content type must be application/json." };
  }
  if (!accepts(request, "application/json") && !accepts(request, "text/event-stream")) {
    return { status: 406, message: "Accept application/json and text/event-stream." };
  }
  return undefined;
}
