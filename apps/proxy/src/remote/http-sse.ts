import { maxLineBytes } from "../bridge/line-framer.ts";
import { errorResponse } from "../bridge/rpc-error.ts";
import { scanMessage, spanText } from "../bridge/scan-message.ts";
import type { StreamableHttpOptions } from "./streamable-http.ts";
import { HttpFailure } from "./http-failure.ts";
import { readEvents, type StreamEvent } from "./read-events.ts";
import { describeRefusal } from "./refusal-words.ts";
import type { RemoteConnection } from "./remote-connection.ts";
import { isEventStream } from "./response-body.ts";

/** HTTP+SSE of revision 2024-11-05: one stream brings everything, and names where to post. Its end is the session's. */
export class HttpSse implements RemoteConnection {
  private readonly options: StreamableHttpOptions;
  private readonly closing = new AbortController();
  private readonly endpoint = Promise.withResolvers<URL>();
  private isOpened = false;

  constructor(options: StreamableHttpOptions) {
    this.options = options;
    // Whoever sends is told.
    this.endpoint.promise.catch(() => undefined);
  }

  send(bytes: Buffer, onTaken: () => void): void {
    if (!this.isOpened) void this.follow();
    this.isOpened = true;
    void this.post(bytes).finally(onTaken);
  }

  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }

  private async follow(): Promise<void> {
    const { client, events, launch } = this.options;
    const { signal } = this.closing;
    try {
      const response = await client.send({ method: "GET", headers: { accept: "text/event-stream" }, signal });
      if (response.statusCode !== 200 || !isEventStream(response)) {
        response.destroy();
        throw new HttpFailure(describeRefusal(response, launch), { isUnsent: false });
      }
      await readEvents(response, {
        maxEventBytes: maxLineBytes,
        onRetry: () => undefined,
        onEvent: (event) => this.take(event),
      });
      if (!signal.aborted) events.onLost("it ended its stream");
    } catch (error) {
      this.endpoint.reject(error);
      if (!signal.aborted) events.onLost(error instanceof Error ? error.message : String(error));
    }
  }

  private take({ type, data }: StreamEvent): void {
    if (type === "endpoint") {
      this.takeEndpoint(data.toString());
      return;
    }
    const message = scanMessage(data);
    if (type === "message" && message.kind !== "invalid") this.options.events.onMessage(message.bytes);
  }

  private takeEndpoint(text: string): void {
    const { url } = this.options.client;
    const endpoint = URL.parse(text, url.href);
    if (endpoint?.origin !== url.origin)
      throw new HttpFailure("it wants messages to be posted to another host, which MCPProxy does not do", {
        isUnsent: false,
      });
    this.endpoint.resolve(endpoint);
  }

  private async post(bytes: Buffer): Promise<void> {
    const { client, events, launch } = this.options;
    const { signal } = this.closing;
    try {
      const url = await this.endpoint.promise;
      const headers = { "content-type": "application/json" };
      const response = await client.send({ method: "POST", url, headers, body: bytes, signal });
      response.resume();
      if ((response.statusCode ?? 0) >= 400)
        throw new HttpFailure(describeRefusal(response, launch), { isUnsent: false });
    } catch (error) {
      if (signal.aborted) return;
      const words = error instanceof Error ? error.message : String(error);
      if (error instanceof HttpFailure && error.isUnsent) events.onLost(words);
      else this.fail(bytes, words);
    }
  }

  private fail(bytes: Buffer, words: string): void {
    const { events, launch } = this.options;
    const message = scanMessage(bytes);
    if (message.kind !== "request") events.onNote(`A message to the server was lost: ${words}`);
    else
      events.onMessage(
        errorResponse(spanText(bytes, message.id), {
          code: "server_unavailable",
          message: `${launch.server} (remote): ${words}`,
        }),
      );
  }
}
