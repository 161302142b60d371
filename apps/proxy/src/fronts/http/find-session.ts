import type { IncomingMessage, ServerResponse } from "node:http";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { isLegacyVersion } from "../protocol-versions.ts";
import { answerRefusal } from "./answer-refusal.ts";
import type { EndpointContext } from "./front-context.ts";
import type { HttpSession } from "./http-sessions.ts";

/** The session that a request names; undefined when there is none, and that was answered. */
export function findSession(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, server }: EndpointContext,
): HttpSession | undefined {
  const id = request.headers["mcp-session-id"];
  const http = typeof id === "string" ? sessions.find(id, server) : undefined;
  if (http !== undefined) return http;
  // 404 tells a client to begin anew, so it is only for sessions that are gone.
  const [status, message] =
    typeof id === "string"
      ? ([404, "This session is unknown or has ended; send initialize again."] as const)
      : ([400, "The Mcp-Session-Id header is missing; send initialize first."] as const);
  answerRefusal(response, { status, error: { code: "invalid_request", message } });
  return undefined;
}

/** What is wrong with the MCP-Protocol-Version header of a client with a session; it may be missing. */
export function versionProblem(request: IncomingMessage): RpcError | undefined {
  const version = request.headers["mcp-protocol-version"];
  if (typeof version !== "string" || isLegacyVersion(version.trim())) return undefined;
  const message = `MCP-Protocol-Version ${version} is not known; use 2026-07-28, or 2025-11-25 or older.`;
  return { code: "invalid_request", message };
}
