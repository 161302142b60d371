import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { EnvVariable } from "@mcpproxy/core/plan/isolation-plan";
import { describeNetworkError, HttpFailure } from "./http-failure.ts";

/** Until the connection stands, TLS included; how long an answer takes is the server's affair. */
const connectTimeoutMs = 10_000;
const maxRedirects = 3;
/** Idle connections that stay open for the next call. */
const maxFreeSockets = 16;
/** Calls at the same time; more wait for a connection. */
const maxSockets = 256;

export interface HttpClientOptions {
  readonly url: string;
  /** The headers of the config. */
  readonly headers: readonly EnvVariable[];
  /** In place of what Node trusts. */
  readonly certificates: readonly string[] | undefined;
  readonly version: string;
  readonly httpsProxy: string | undefined;
  readonly noProxy: string | undefined;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Another address of the same server. */
  readonly url?: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** The body is out of our hands. */
  onSent?(): void;
}

/** Sends requests to one remote server, and to no other: its headers are secrets. */
export class HttpClient {
  readonly url: URL;
  private readonly options: HttpClientOptions;
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(options: HttpClientOptions) {
    this.options = options;
    this.url = new URL(options.url);
    this.agent = createAgent(this.url, options);
  }

  /** Resolves with the response as soon as its head is there. Rejects with HttpFailure. */
  async send(request: HttpRequest): Promise<IncomingMessage> {
    request.signal.throwIfAborted();
    let url = request.url ?? this.url;
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.sendOnce({ ...request, url });
      const target = redirectTarget(response, url);
      if (target === undefined) return response;
      response.destroy();
      if (target.origin !== this.url.origin)
        throw new HttpFailure(
          `it redirects to ${target.origin}, which MCPProxy does not follow, because the headers would go there; write that address as url if you trust it`,
          { isUnsent: false },
        );
      if (redirects === maxRedirects)
        throw new HttpFailure(`it redirects more than ${maxRedirects} times`, { isUnsent: false });
      url = target;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async sendOnce(request: HttpRequest & { readonly url: URL }): Promise<IncomingMessage> {
    const sent = this.begin(request);
    try {
      return await responseTo(sent, request);
    } catch (error) {
      // The server closed a connection that was kept for reuse just when it was used again.
      if (sent.reusedSocket && !request.signal.aborted && isReset(error))
        return await responseTo(this.begin(request), request);
      throw error;
    }
  }

  private begin({ method, url, headers, body, signal }: HttpRequest & { readonly url: URL }): ClientRequest {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const configured = this.options.headers.map(({ name, value }) => [name, value] as const);
    return send(url, {
      method,
      agent: this.agent,
      signal,
      headers: {
        "user-agent": `mcpproxy/${this.options.version}`,
        ...Object.fromEntries(configured),
        ...headers,
        "accept-encoding": "identity",
        ...(body === undefined ? {} : { "content-length": String(body.length) }),
      },
    });
  }
}

function createAgent(url: URL, options: HttpClientOptions): HttpAgent | HttpsAgent {
  const { certificates, httpsProxy, noProxy } = options;
  const shared = { keepAlive: true, maxFreeSockets, maxSockets, scheduling: "lifo" } as const;
  if (url.protocol === "http:") return new HttpAgent(shared);
  return new HttpsAgent({
    ...shared,
    ...(certificates === undefined ? {} : { ca: [...certificates] }),
    ...(httpsProxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy } }),
  });
}

async function responseTo(
  sent: ClientRequest,
  { url, body, signal, onSent }: HttpRequest & { readonly url: URL },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let isConnected = false;
  const timer = setTimeout(
    () => sent.destroy(new Error(`no connection within ${connectTimeoutMs / 1_000} s`)),
    connectTimeoutMs,
  );
  const connected = (): void => {
    isConnected = true;
    clearTimeout(timer);
  };
  sent.once("socket", (socket) => {
    if (socket.connecting) socket.once(url.protocol === "https:" ? "secureConnect" : "connect", connected);
    else connected();
  });
  sent.once("response", resolve);
  sent.once("finish", () => onSent?.());
  // Later errors of the request are the response's too.
  sent.on("error", reject);
  sent.end(body);
  try {
    return await promise;
  } catch (cause) {
    const message = signal.aborted ? "MCPProxy has ended the request" : describeNetworkError(cause, url.origin);
    throw new HttpFailure(message, { isUnsent: !isConnected, cause });
  } finally {
    clearTimeout(timer);
  }
}

function redirectTarget(response: IncomingMessage, from: URL): URL | undefined {
  const { statusCode = 0, headers } = response;
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  if (!isRedirect || headers.location === undefined) return undefined;
  return URL.parse(headers.location, from.href) ?? undefined;
}

function isReset(error: unknown): boolean {
  const cause = error instanceof HttpFailure ? error.cause : error;
  return cause instanceof Error && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
}
