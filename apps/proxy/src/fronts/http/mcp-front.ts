import type { IncomingMessage, ServerResponse } from "node:http";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { scanMessage } from "../../bridge/scan-message.ts";
import type { CallSink } from "../../bridge/session.ts";
import type { ServerSupervisor } from "../../runs/server-supervisor.ts";
import type { Supervisor } from "../../runs/supervisor.ts";
import { dispatch } from "../dispatch.ts";
import { isLegacyVersion } from "../protocol-versions.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { EventStream } from "./event-stream.ts";
import type { HttpSession, HttpSessions } from "./http-sessions.ts";
import { handleModernPost, isModernPost, namesModernVersion } from "./modern-post.ts";
import { createPostAnswer } from "./post-answer.ts";
import { maxBodyBytes, readBody } from "./read-body.ts";

export interface McpFrontOptions {
  readonly supervisor: Supervisor;
  readonly sessions: HttpSessions;
}

/** Streamable HTTP at /mcp/<server>, in both eras; https://modelcontextprotocol.io/specification/2025-11-25/basic/transports */
export async function handleMcp(
  request: IncomingMessage,
  response: ServerResponse,
  options: McpFrontOptions & { serverName: string },
): Promise<void> {
  const server = options.supervisor.find(options.serverName);
  if (server === undefined) {
    const names = options.supervisor.list().map(({ name }) => name);
    refuse(response, 404, {
      code: "invalid_request",
      message: `No server is called "${options.serverName}". Configured: ${names.join(", ") || "none"}.`,
    });
    return;
  }
  if (request.method !== "POST" && namesModernVersion(request)) {
    response.setHeader("allow", "POST");
    const message = `Revision ${String(request.headers["mcp-protocol-version"])} has POST only, and no sessions.`;
    refuse(response, 405, { code: "invalid_request", message });
    return;
  }
  switch (request.method) {
    case "POST":
      await handlePost(request, response, { ...options, server });
      return;
    case "GET":
      handleGet(request, response, { ...options, server });
      return;
    case "DELETE":
      handleDelete(request, response, { ...options, server });
      return;
    default:
      response.setHeader("allow", "GET, POST, DELETE");
      refuse(response, 405, {
        code: "invalid_request",
        message: `${request.method} is not a method of Streamable HTTP.`,
      });
  }
}

type ServerContext = McpFrontOptions & { readonly server: ServerSupervisor };

async function handlePost(request: IncomingMessage, response: ServerResponse, context: ServerContext): Promise<void> {
  const problem = contentProblem(request);
  if (problem !== undefined) {
    refuse(response, problem.status, { code: "invalid_request", message: problem.message });
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    if (response.destroyed) return;
    // The rest of the body is not read, so the connection cannot be used again.
    response.setHeader("connection", "close");
    refuse(response, 413, {
      code: "limit_exceeded",
      message: `The body is larger than ${maxBodyBytes} bytes, or did not arrive whole.`,
    });
    return;
  }
  const message = scanMessage(body);
  if (message.kind === "invalid") {
    refuse(response, 400, {
      code: message.problem === "parse" ? "parse_error" : "invalid_request",
      message: message.reason,
    });
    return;
  }
  if (isModernPost(request, message)) {
    const endpoint = context.sessions.modernEndpoint(context.server);
    handleModernPost(request, response, { message, endpoint, acceptsStream: accepts(request, "text/event-stream") });
    return;
  }
  const versionProblem = legacyVersionProblem(request);
  if (versionProblem !== undefined) {
    refuse(response, 400, { code: "invalid_request", message: versionProblem });
    return;
  }
  const isInitialize = message.kind === "request" && message.method === "initialize";
  const http = isInitialize ? createSession(response, context) : findSession(request, response, context);
  if (http === undefined) return;
  if (message.kind !== "request") {
    dispatch(http, message, noAnswer);
    response.writeHead(202).end();
    return;
  }
  http.openCalls += 1;
  const answer = createPostAnswer({
    response,
    headers: isInitialize ? { "mcp-session-id": http.session.id } : {},
    acceptsStream: accepts(request, "text/event-stream"),
    onDone: () => {
      http.openCalls -= 1;
      http.lastUsedMs = performance.now();
    },
  });
  dispatch(http, message, isInitialize ? endingOnError(answer, () => context.sessions.end(http)) : answer);
}

/** A client whose initialize failed comes again with a new one: the session of the failed one is nobody's. */
function endingOnError(answer: CallSink, endSession: () => void): CallSink {
  return {
    ...answer,
    onResult(message) {
      const scanned = scanMessage(message);
      if (scanned.kind === "response" && scanned.isError) endSession();
      answer.onResult(message);
    },
  };
}

function createSession(response: ServerResponse, context: ServerContext): HttpSession | undefined {
  const http = context.sessions.create(context.server);
  if (http === undefined)
    refuse(response, 503, {
      code: "limit_exceeded",
      message: "Too many sessions are in use; end some with DELETE, or try again later.",
    });
  return http;
}

function handleGet(request: IncomingMessage, response: ServerResponse, context: ServerContext): void {
  if (!accepts(request, "text/event-stream")) {
    refuse(response, 406, { code: "invalid_request", message: "GET opens a stream: accept text/event-stream." });
    return;
  }
  const http = findSession(request, response, context);
  if (http === undefined) return;
  // A client that lost its connection without our noticing comes back: the newest stream is the living one.
  http.stream?.end();
  const stream = new EventStream(response, {});
  http.stream = stream;
  response.once("close", () => {
    if (http.stream === stream) http.stream = undefined;
    http.lastUsedMs = performance.now();
  });
}

function handleDelete(request: IncomingMessage, response: ServerResponse, context: ServerContext): void {
  const http = findSession(request, response, context);
  if (http === undefined) return;
  context.sessions.end(http);
  response.writeHead(204).end();
}

function findSession(
  request: IncomingMessage,
  response: ServerResponse,
  context: ServerContext,
): HttpSession | undefined {
  const id = request.headers["mcp-session-id"];
  if (typeof id !== "string") {
    refuse(response, 400, {
      code: "invalid_request",
      message: "The Mcp-Session-Id header is missing; send initialize first.",
    });
    return undefined;
  }
  const http = context.sessions.find(id, context.server);
  if (http === undefined)
    refuse(response, 404, {
      code: "invalid_request",
      message: "This session is unknown or has ended; send initialize again.",
    });
  return http;
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

function legacyVersionProblem(request: IncomingMessage): string | undefined {
  const version = request.headers["mcp-protocol-version"];
  if (typeof version !== "string" || isLegacyVersion(version)) return undefined;
  return `MCP-Protocol-Version ${version} is not known; use 2026-07-28, or 2025-11-25 or older.`;
}

function accepts(request: IncomingMessage, type: string): boolean {
  const { accept } = request.headers;
  return (
    accept === undefined ||
    accept.includes(type) ||
    accept.includes("*/*") ||
    accept.includes(`${type.split("/")[0] ?? ""}/*`)
  );
}

function refuse(response: ServerResponse, status: number, error: RpcError): void {
  answerRefusal(response, { status, error });
}

/** Notifications and responses have no answer of their own. */
const noAnswer = { onMessage: () => false, onResult: () => undefined, onCancelled: () => undefined };
