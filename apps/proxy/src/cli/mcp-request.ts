import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Paths } from "../paths.ts";
import { version } from "../version.ts";
import type { CommandContext } from "./command-context.ts";
import { locateProxy } from "./proxy-client.ts";

export interface McpRequest {
  /** Rest of the path after /mcp; "" is all servers. */
  readonly server: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** A server may have to be started first, and its image pulled. */
  readonly timeoutMs: number;
}

const answerSchema = z.object({
  result: z.looseObject({}).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** Asks a server through the running service, in a session of its own; undefined when none runs. Throws AppError with the server's words. */
export async function askMcp(
  request: McpRequest,
  { paths, context }: { readonly paths: Paths; readonly context: CommandContext },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const proxy = await locateProxy({ paths, context });
  if (proxy === undefined) return undefined;
  const url = `${proxy.url}/mcp${request.server === "" ? "" : `/${encodeURIComponent(request.server)}`}`;
  const headers = {
    "x-api-key": proxy.apiKey,
    "content-type": "application/json",
    // No stream: whoever waits at a terminal wants the result.
    accept: "application/json",
  };
  const signal = AbortSignal.timeout(request.timeoutMs);
  let opened: Response;
  try {
    opened = await fetch(url, { method: "POST", headers, body: initializeText, signal });
  } catch (error) {
    if (signal.aborted) throw timedOut(request, error);
    return undefined;
  }
  await resultOf(opened);
  const session = { ...headers, "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const { method, params } = request;
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method, params });
    return await resultOf(await fetch(url, { method: "POST", headers: session, body, signal }));
  } catch (error) {
    throw signal.aborted ? timedOut(request, error) : error;
  } finally {
    await fetch(url, { method: "DELETE", headers: session }).catch(() => undefined);
  }
}

const initializeText = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "mcpproxy-cli", version } },
});

async function resultOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const answer = answerSchema.parse(await response.json());
  if (answer.result !== undefined) return answer.result;
  throw new AppError("invalid_request", answer.error?.message ?? `MCPProxy answered with ${response.status}.`);
}

function timedOut({ method, timeoutMs }: McpRequest, cause: unknown): AppError {
  return new AppError("invalid_request", `${method} had no answer within ${timeoutMs / 1_000} s.`, { cause });
}
