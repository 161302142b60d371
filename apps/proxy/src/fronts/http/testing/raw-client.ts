import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { until } from "../../../testing/until.ts";
import type { Json } from "../../modern/testing/fake-server.ts";

const deadlineMs = 30_000;

export interface RawEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly retry: string | undefined;
  readonly data: string | undefined;
}

/** One exchange, as it goes on. */
export interface Exchange {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** So far. */
  readonly text: string;
  readonly events: readonly RawEvent[];
  readonly messages: readonly Json[];
  readonly isOver: boolean;
  /** Breaks the connection. */
  cut(): void;
  /** Waits for the end, and gives the body. */
  body(): Promise<string>;
  /** Waits for so many events. */
  received(count: number): Promise<readonly RawEvent[]>;
}

export interface RawRequest {
  readonly method: "GET" | "POST" | "DELETE" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends one HTTP request on a connection of its own; resolves with the head of its answer. */
export async function exchange({ method, url, headers = {}, body }: RawRequest): Promise<Exchange> {
  const request = httpRequest(url, { method, headers, agent: false });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve).once("error", reject);
  request.end(body);
  return follow(request, await promise);
}

function follow(request: ClientRequest, response: IncomingMessage): Exchange {
  let text = "";
  let isOver = false;
  response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  // A connection that is cut on purpose is no failure.
  response.on("error", () => undefined).once("close", () => (isOver = true));
  const events = (): readonly RawEvent[] => readEvents(text);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    get text() {
      return text;
    },
    get events() {
      return events();
    },
    get messages() {
      return events().flatMap(({ data }): readonly Json[] => (data ? [JSON.parse(data)] : []));
    },
    get isOver() {
      return isOver;
    },
    cut: () => request.destroy(),
    async body() {
      await until("the end of the response", () => isOver || undefined, deadlineMs);
      return text;
    },
    received: (count) => until(`${count} events`, () => (events().length >= count ? events() : undefined), deadlineMs),
  };
}

function readEvents(text: string): readonly RawEvent[] {
  const blocks = text.split("\n\n").slice(0, -1);
  return blocks.filter((block) => !block.startsWith(":")).map(readEvent);
}

function readEvent(block: string): RawEvent {
  const field = (name: string): string | undefined =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return { id: field("id"), event: field("event"), retry: field("retry"), data: field("data") };
}

export const jsonHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
} as const;

/** A session of Streamable HTTP, with every header in the test's hands. */
export interface RawSession {
  readonly id: string;
  post(message: unknown, headers?: Readonly<Record<string, string>>): Promise<Exchange>;
  get(headers?: Readonly<Record<string, string>>): Promise<Exchange>;
}

/** Sends initialize and opens a session. */
export async function openRawSession(url: string, protocolVersion = "2025-11-25"): Promise<RawSession> {
  const params = { protocolVersion, capabilities: { sampling: {} }, clientInfo: { name: "raw", version: "1" } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  const answer = await exchange({ method: "POST", url, headers: jsonHeaders, body });
  await answer.body();
  const id = String(answer.headers["mcp-session-id"]);
  const own = { "mcp-session-id": id, "mcp-protocol-version": protocolVersion };
  return {
    id,
    post: (message, headers = {}) =>
      exchange({ method: "POST", url, headers: { ...jsonHeaders, ...own, ...headers }, body: JSON.stringify(message) }),
    get: (headers = {}) =>
      exchange({ method: "GET", url, headers: { accept: "text/event-stream", ...own, ...headers } }),
  };
}

/** A request of JSON-RPC. */
export function rpcRequest(id: number | string, method: string, params: Json = {}): Json {
  return { jsonrpc: "2.0", id, method, params };
}
