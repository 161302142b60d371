import { z } from "zod";

/** The JSON-RPC error that a client gets when the run behind its call ends. */
const errorSchema = z.object({
  message: z.string(),
  data: z.object({ runId: z.string().optional(), verdict: z.object({ kind: z.string() }).optional() }).optional(),
});
const answerSchema = z.object({ result: z.unknown().optional(), error: errorSchema.optional() });
export type McpAnswer = z.infer<typeof answerSchema>;

/** A client over Streamable HTTP, as far as a proof needs one. */
export interface McpClient {
  /** The server has answered; rejects when it does not start. */
  readonly initialized: Promise<void>;
  callTool(name: string): Promise<McpAnswer>;
  /** The client leaves. */
  close(): Promise<void>;
}

export interface McpClientRequest {
  /** Of one server: http://…/mcp/NAME */
  readonly url: string;
  apiKey(): Promise<string>;
}

interface Exchange {
  readonly answer: McpAnswer;
  readonly session: string | undefined;
}

export function connectClient(request: McpClientRequest): McpClient {
  const opened = send(request, {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "proof", version: "1" } },
  });
  const initialized = succeed(opened);
  // Whoever does not wait for it looks at the run.
  initialized.catch(() => undefined);
  return {
    initialized,
    async callTool(name) {
      await initialized;
      const { session } = await opened;
      return (await send(request, { id: 2, method: "tools/call", params: { name } }, session)).answer;
    },
    async close() {
      const { session } = await opened;
      await fetch(request.url, { method: "DELETE", headers: await headersOf(request, session) });
    },
  };
}

async function succeed(exchange: Promise<Exchange>): Promise<void> {
  const { answer } = await exchange;
  if (answer.error !== undefined) throw new Error(answer.error.message);
}

async function send(request: McpClientRequest, message: object, session?: string): Promise<Exchange> {
  const response = await fetch(request.url, {
    method: "POST",
    headers: await headersOf(request, session),
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
  const answer = answerSchema.parse(JSON.parse(jsonOf(await response.text())));
  return { answer, session: response.headers.get("mcp-session-id") ?? undefined };
}

async function headersOf({ apiKey }: McpClientRequest, session: string | undefined): Promise<Record<string, string>> {
  return {
    "x-api-key": await apiKey(),
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(session === undefined ? {} : { "mcp-session-id": session }),
  };
}

/** The last message of a stream, or the body itself. */
function jsonOf(text: string): string {
  const last = text.split("\n").findLast((line) => line.startsWith("data:"));
  return last === undefined ? text : last.slice("data:".length);
}
