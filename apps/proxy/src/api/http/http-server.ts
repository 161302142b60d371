import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { AppError } from "../../app-error.ts";
import type { McpFrontOptions } from "../../fronts/http/front-context.ts";
import { handleMcp } from "../../fronts/http/mcp-front.ts";
import type { Authenticator } from "../auth/authenticate.ts";
import { maxApiBodyBytes, type createRestApp } from "../rest/rest-app.ts";
import type { ApiContext } from "../services/context.ts";
import { router } from "../trpc/router.ts";
import { checkHostAndOrigin } from "./host-guard.ts";
import { sendError } from "./send-json.ts";

export interface HttpServerOptions {
  readonly mcp: McpFrontOptions;
  readonly rest: ReturnType<typeof createRestApp>;
  readonly authenticator: Authenticator;
  readonly allowedHosts: ReadonlySet<string>;
  /** /mcp needs the key as soon as others than this machine's own users can reach it. */
  readonly mcpNeedsKey: boolean;
  apiContext(actor: string): ApiContext;
  onUnexpected(error: unknown): void;
}

/** The one HTTP server: /mcp, /trpc, /api/v1, /events, /metrics, health. Not listening yet. */
export function createHttpServer(options: HttpServerOptions): Server {
  // Clients reuse connections longer than Node's default of 5 s. Slow calls are fine: the request timeout is for sending the request.
  const server = createServer({ noDelay: true, keepAliveTimeout: 75_000 }, (request, response) => {
    void route(request, response, options).catch((error: unknown) => {
      if (!(error instanceof AppError)) options.onUnexpected(error);
      sendError(
        response,
        error instanceof AppError ? error : new AppError("internal", "MCPProxy failed to answer; see main.log."),
      );
    });
  });
  return server;
}

async function route(request: IncomingMessage, response: ServerResponse, options: HttpServerOptions): Promise<void> {
  checkHostAndOrigin(request, options.allowedHosts);
  const path = pathOf(request);
  if (path === "/mcp" || path.startsWith("/mcp/")) {
    if (options.mcpNeedsKey) await actorOrThrow(request, options);
    await handleMcp(request, response, { ...options.mcp, serverName: decodeName(path.slice("/mcp/".length)) });
  } else if (path.startsWith("/trpc/"))
    await handleTrpc(request, response, { ...options, path: path.slice("/trpc/".length) });
  else if (path === "/api/v1/browser-sessions")
    await handleRest(request, response, { ...options, actor: "login link" });
  else if (path.startsWith("/api/v1/") || path === "/events" || path === "/metrics")
    await handleRest(request, response, { ...options, actor: await actorOrThrow(request, options) });
  else if (path === "/healthz" || path === "/readyz") sendText(response);
  else throw new AppError("not_found", `${request.method ?? "GET"} ${path} does not exist.`);
}

async function handleTrpc(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions & { path: string },
): Promise<void> {
  const actor = await actorOrThrow(request, options);
  await nodeHTTPRequestHandler({
    router,
    req: request,
    res: response,
    path: options.path,
    maxBodySize: maxApiBodyBytes,
    createContext: () => options.apiContext(actor),
    onError: ({ error }) => {
      if (error.code === "INTERNAL_SERVER_ERROR") options.onUnexpected(error);
    },
  });
}

async function handleRest(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions & { actor: string },
): Promise<void> {
  const context = options.apiContext(options.actor);
  await getRequestListener((webRequest) => options.rest.fetch(webRequest, { context }))(request, response);
}

async function actorOrThrow(request: IncomingMessage, options: HttpServerOptions): Promise<string> {
  const actor = await options.authenticator.actorOf(request);
  if (actor !== undefined) return actor;
  throw new AppError(
    "unauthorized",
    "Give the API key as X-API-Key, as Authorization: Bearer, or as ?apikey=; it is in the file api_key of the data directory.",
  );
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? "/";
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function sendText(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/plain" }).end("ok\n");
}
