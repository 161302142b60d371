import { Agent, request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { takeEvents } from "./event-text.ts";

export const legacyVersion = "2025-11-25";
export const modernVersion = "2026-07-28";
const modernKeys = "io.modelcontextprotocol/";

/** What came back for one HTTP request: raw JSON texts in the order of their arrival. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly messages: readonly string[];
}

export interface Exchange {
  /** Resolves with the headers of the answer. */
  readonly opened: Promise<unknown>;
  readonly answer: Promise<RawAnswer>;
  /** Grows while the answer comes. */
  readonly messages: readonly string[];
  /** Breaks the connection. */
  abort(): void;
}

export interface ExchangeRequest {
  readonly url: string;
  readonly method?: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  onMessage?(text: string): void;
}

/** One bare HTTP request whose messages can be seen as they come. */
export function exchangeRaw({ url, method = "POST", headers = {}, body, agent, onMessage }: ExchangeRequest): Exchange {
  const messages: string[] = [];
  const take = (text: string): void => {
    messages.push(text);
    onMessage?.(text);
  };
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const opened = Promise.withResolvers<void>();
  const outgoing: ClientRequest = request(
    url,
    { method, headers: { ...headers, ...length }, ...(agent && { agent }) },
    (incoming) => {
      opened.resolve();
      readMessages(incoming, take).then(
        () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, messages }),
        reject,
      );
    },
  );
  outgoing.on("error", (error) => {
    opened.reject(error);
    reject(error);
  });
  outgoing.end(body);
  // Whoever aborts need not look at what became of it.
  promise.catch(() => undefined);
  opened.promise.catch(() => undefined);
  return { opened: opened.promise, answer: promise, messages, abort: () => void outgoing.destroy() };
}

async function readMessages(incoming: IncomingMessage, take: (text: string) => void): Promise<void> {
  incoming.setEncoding("utf8");
  const isStream = incoming.headers["content-type"]?.startsWith("text/event-stream") === true;
  const parts: string[] = [];
  for await (const part of incoming) {
    parts.push(String(part));
    if (!isStream || !String(part).includes("\n\n")) continue;
    const { messages, rest } = takeEvents(parts.splice(0).join(""));
    parts.push(rest);
    for (const message of messages) take(message);
  }
  const whole = parts.join("");
  if (!isStream && whole !== "") take(whole);
}

const jsonHeaders = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A session of the legacy era whose every byte is the test's. */
export class RawSession {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;

  private constructor(url: string, headers: Readonly<Record<string, string>>, agent: Agent) {
    this.url = url;
    this.headers = headers;
    this.agent = agent;
  }

  static async open(
    url: string,
    { capabilities = {}, agent = new Agent({ keepAlive: true }) } = {},
  ): Promise<RawSession> {
    const params = {
      protocolVersion: legacyVersion,
      capabilities,
      clientInfo: { name: "torture", version: "1.0.0" },
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    const { status, headers, messages } = await exchangeRaw({ url, headers: jsonHeaders, body, agent }).answer;
    const sessionId = headers["mcp-session-id"];
    if (typeof sessionId !== "string") throw new Error(`initialize got ${status}: ${messages.join("\n")}`);
    const session = new RawSession(
      url,
      { ...jsonHeaders, "mcp-protocol-version": legacyVersion, "mcp-session-id": sessionId },
      agent,
    );
    await session.post(`{"jsonrpc":"2.0","method":"notifications/initialized"}`).answer;
    return session;
  }

  post(body: string | Buffer, onMessage?: (text: string) => void): Exchange {
    const { url, headers, agent } = this;
    return exchangeRaw({ url, headers, agent, body, ...(onMessage && { onMessage }) });
  }

  /** Calls a tool under a raw id, with a raw progress token where there is one. */
  call({ idText, name, values = {}, tokenText, onMessage }: ToolCall): Exchange {
    return this.post(toolCall({ idText, name, values, ...(tokenText !== undefined && { tokenText }) }), onMessage);
  }

  /** The text that a tool answers, or the error as JSON. */
  async textOf(name: string, values: object = {}): Promise<string> {
    const { messages } = await this.call({ idText: "1", name, values }).answer;
    return resultText(messages.at(-1) ?? "");
  }

  /** The GET stream. */
  listen(onMessage?: (text: string) => void): Exchange {
    const { url, headers, agent } = this;
    return exchangeRaw({ url, method: "GET", headers, agent, ...(onMessage && { onMessage }) });
  }

  async end(): Promise<void> {
    const { url, headers, agent } = this;
    await exchangeRaw({ url, method: "DELETE", headers, agent }).answer;
    agent.destroy();
  }
}

export interface ToolCall {
  readonly idText: string;
  readonly name: string;
  readonly values?: object;
  readonly tokenText?: string;
  onMessage?(text: string): void;
}

export function toolCall({ idText, name, values = {}, tokenText }: ToolCall): string {
  const meta = tokenText === undefined ? "" : `,"_meta":{"progressToken":${tokenText}}`;
  const params = `{"name":${JSON.stringify(name)},"arguments":${JSON.stringify(values)}${meta}}`;
  return `{"jsonrpc":"2.0","id":${idText},"method":"tools/call","params":${params}}`;
}

/** One request of the modern era. */
export function postModern({ url, agent, idText, name, values = {}, tokenText, onMessage }: ModernCall): Exchange {
  const meta = {
    [`${modernKeys}protocolVersion`]: modernVersion,
    [`${modernKeys}clientCapabilities`]: {},
    [`${modernKeys}clientInfo`]: { name: "torture", version: "1.0.0" },
  };
  const token = tokenText === undefined ? "" : `"progressToken":${tokenText},`;
  const envelope = `{${token}${JSON.stringify(meta).slice(1)}`;
  const params = `{"name":${JSON.stringify(name)},"arguments":${JSON.stringify(values)},"_meta":${envelope}}`;
  const headers = {
    ...jsonHeaders,
    "mcp-protocol-version": modernVersion,
    "mcp-method": "tools/call",
    "mcp-name": name,
  };
  const body = `{"jsonrpc":"2.0","id":${idText},"method":"tools/call","params":${params}}`;
  return exchangeRaw({ url, headers, body, ...(agent && { agent }), ...(onMessage && { onMessage }) });
}

export interface ModernCall extends ToolCall {
  readonly url: string;
  readonly agent?: Agent;
}

/** The text of a tool's result; of an error its JSON. */
export function resultText(message: string): string {
  const { result, error } = JSON.parse(message);
  return error === undefined ? String(result?.content?.[0]?.text) : JSON.stringify(error);
}

/** The raw JSON of a message's id, as it was written. */
export function rawIdOf(message: string): string | undefined {
  return /"id"\s*:\s*("(?:[^"\\]|\\.)*"|[^,}\s]+)/.exec(message)?.[1];
}

/** A message's id, the same for each way to write it. */
export function idOf(message: string): string {
  return JSON.stringify(JSON.parse(message).id);
}
