import type { IncomingMessage, ServerResponse } from "node:http";
import { scanMessage } from "../../bridge/scan-message.ts";
import type { Endpoint } from "../../runs/connection.ts";
import { accepts } from "./accepts.ts";
import { answerRefusal } from "./answer-refusal.ts";
import { findSession, versionProblem } from "./find-session.ts";
import type { EndpointContext, Endpoints, McpFrontOptions } from "./front-context.ts";
import { handleBatch } from "./legacy-batch.ts";
import { handleLegacyGet } from "./legacy-get.ts";
import { handleLegacyPost } from "./legacy-post.ts";
import { handleModernPost, isModernPost, namesModernRevision } from "./modern-post.ts";
import { takePostBody } from "./post-body.ts";
import { isBatch } from "./split-batch.ts";
import { handleSse, type SsePath } from "./sse-front.ts";

/** Streamable HTTP at /mcp/<server>, in both eras, and HTTP+SSE below it; https://modelcontextprotocol.io/specification/2025-11-25/basic/transports */
export async function handleMcp(
  request: IncomingMessage,
  response: ServerResponse,
  { endpoints, sessions, serverName }: McpFrontOptions & { readonly serverName: string },
): Promise<void> {
  const { server, ssePath } = findEndpoint(endpoints, serverName);
  if (server === undefined) {
    const names = endpoints.names().join(", ") || "none";
    refuse(response, 404, `No server is called "${serverName}". Configured: ${names}.`);
  } else if (ssePath !== undefined) await handleSse(request, response, { server, sessions, path: ssePath });
  else await handleStreamable(request, response, { server, sessions });
}

interface Found {
  readonly server: Endpoint | undefined;
  readonly ssePath?: SsePath;
}

/** A server may be called "sse": its name comes first. */
function findEndpoint(endpoints: Endpoints, name: string): Found {
  const server = endpoints.find(name);
  if (server !== undefined) return { server };
  const [, base = "", path] = /^(?:(.*)\/)?(sse|messages)$/.exec(name) ?? [];
  if (path !== "sse" && path !== "messages") return { server };
  return { server: endpoints.find(base), ssePath: path };
}

async function handleStreamable(
  request: IncomingMessage,
  response: ServerResponse,
  context: EndpointContext,
): Promise<void> {
  if (request.method === "POST") await handlePost(request, response, context);
  else if (request.method !== "GET" && request.method !== "DELETE") {
    response.setHeader("allow", "GET, POST, DELETE");
    refuse(response, 405, `${String(request.method)} is not a method of Streamable HTTP.`);
  } else if (namesModernRevision(request)) {
    response.setHeader("allow", "POST");
    refuse(
      response,
      405,
      `Revision ${String(request.headers["mcp-protocol-version"])} has POST only, and no sessions.`,
    );
  } else handleWithoutBody(request, response, context);
}

function handleWithoutBody(request: IncomingMessage, response: ServerResponse, context: EndpointContext): void {
  const problem = versionProblem(request);
  if (problem !== undefined) answerRefusal(response, { status: 400, error: problem });
  else if (request.method === "GET") handleLegacyGet(request, response, context);
  else {
    const http = findSession(request, response, context);
    if (http === undefined) return;
    context.sessions.end(http);
    response.writeHead(204).end();
  }
}

async function handlePost(request: IncomingMessage, response: ServerResponse, context: EndpointContext): Promise<void> {
  const body = await takePostBody(request, response, context);
  if (body === undefined) return;
  if (isBatch(body)) {
    handleBatch(request, response, { ...context, body });
    return;
  }
  const message = scanMessage(body);
  if (message.kind === "invalid") {
    const code = message.problem === "parse" ? "parse_error" : "invalid_request";
    answerRefusal(response, { status: 400, error: { code, message: message.reason } });
  } else if (isModernPost(request, message)) {
    const { sessions, server } = context;
    handleModernPost(request, response, {
      message,
      endpoint: sessions.modernEndpoint(server),
      outlet: sessions.outlets.ofResponses,
      acceptsStream: accepts(request, "text/event-stream"),
    });
  } else handleLegacyPost(request, response, { ...context, message });
}

function refuse(response: ServerResponse, status: number, message: string): void {
  answerRefusal(response, { status, error: { code: "invalid_request", message } });
}
