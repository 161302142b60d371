import { Agent } from "node:http";
import { z } from "zod";
import { exchange, type HttpAnswer } from "./http-exchange.ts";
import { openRawHttpConnection, type RawHttpConnection } from "./raw-http-connection.ts";

export const protocolVersion = "2025-11-25";

const answerSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});
export type RpcAnswer = z.infer<typeof answerSchema>;

/** One Streamable HTTP session without any library between the test and the bytes. */
export interface McpHttpClient {
  readonly sessionId: string | undefined;
  request(method: string, params?: unknown): Promise<RpcAnswer>;
  callTool(name: string, values: Readonly<Record<string, unknown>>): Promise<RpcAnswer>;
  /** The text of an echo's answer as it came, unparsed: what the benchmark times. */
  echoText(message: string): Promise<string>;
  close(): void;
}

/** Opens a session: initialize, then notifications/initialized, over one kept-alive connection. */
export async function openMcpSession(url: string): Promise<McpHttpClient> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  let nextId = 1;
  let raw: RawHttpConnection | undefined;
  const post = (message: object) =>
    exchange({ url, method: "POST", headers, agent, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
  const send = (method: string, params: unknown) => post({ id: nextId++, method, params });
  const request = async (method: string, params: unknown = {}) => parseAnswer(await send(method, params));

  const opening = await send("initialize", {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: "e2e", version: "1.0.0" },
  });
  const opened = parseAnswer(opening);
  if (opened.error !== undefined) throw new Error(`initialize was refused: ${opened.error.message}`);
  const sessionId = z.string().optional().parse(opening.headers["mcp-session-id"]);
  headers = {
    ...headers,
    "mcp-protocol-version": protocolVersion,
    ...(sessionId !== undefined && { "mcp-session-id": sessionId }),
  };
  await post({ method: "notifications/initialized" });

  return {
    sessionId,
    request,
    callTool: (name, values) => request("tools/call", { name, arguments: values }),
    echoText: async (message) => {
      raw ??= await openRawHttpConnection(url, headers);
      const params = { name: "echo", arguments: { message } };
      return raw.post(JSON.stringify({ jsonrpc: "2.0", id: nextId++, method: "tools/call", params }));
    },
    close() {
      raw?.close();
      agent.destroy();
    },
  };
}

function parseAnswer({ status, headers, text }: HttpAnswer): RpcAnswer {
  const messages = headers["content-type"]?.includes("text/event-stream") ? eventData(text) : [text];
  for (const message of messages) {
    const parsed = answerSchema.safeParse(parseJson(message));
    if (parsed.success && (parsed.data.result !== undefined || parsed.data.error !== undefined)) return parsed.data;
  }
  throw new Error(`HTTP ${status} without a JSON-RPC answer: ${text.slice(0, 500)}`);
}

function eventData(stream: string): readonly string[] {
  return stream
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
        .join("\n"),
    )
    .filter((data) => data !== "");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
