import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { DirectLaunch } from "@mcpproxy/core/plan/isolation-plan";
import { maxLineBytes } from "../bridge/line-framer.ts";
import { replaceSpans } from "../bridge/replace-spans.ts";
import { errorResponse } from "../bridge/rpc-error.ts";
import {
  scanMessage,
  spanString,
  spanText,
  type Message,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from "../bridge/scan-message.ts";
import type { HttpClient } from "./http-client.ts";
import { HttpFailure, TooLargeError } from "./http-failure.ts";
import { readEvents } from "./read-events.ts";
import { describeRefusal } from "./refusal-words.ts";
import type { RemoteConnection, RemoteEvents } from "./remote-connection.ts";
import { modernVersionOf, RemoteSession } from "./remote-session.ts";
import { answers, isEventStream, messagesIn, readBody } from "./response-body.ts";
import { ServerStream } from "./server-stream.ts";
import { encodeHeaderValue, ToolHeaders } from "./tool-headers.ts";

/** Before a server that cannot be reached counts as lost; nothing was sent, so nothing happens twice. */
const connectDelaysMs = [250, 1_000, 2_000];
const maxRefusalBytes = 1024 * 1024;
/** How often an answer is asked for again where its stream broke off, and the wait before when the server names none. */
const maxResumptions = 5;
const resumeDelayMs = 500;
/** For an end of a stream that has given its answer. */
const closeGraceMs = 5_000;
const deleteTimeoutMs = 1_000;

export interface StreamableHttpOptions {
  readonly client: HttpClient;
  readonly launch: DirectLaunch;
  readonly events: RemoteEvents;
}

/** A request that waits for its answer. */
interface OpenCall {
  readonly message: RequestMessage;
  readonly idText: string;
  /** Undefined for the legacy era. */
  readonly modernVersion: string | undefined;
  readonly abort: AbortController;
  onTaken(): void;
}

/**
 * Streamable HTTP in both eras, as a client: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 * and https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export class StreamableHttp implements RemoteConnection {
  private readonly options: StreamableHttpOptions;
  private readonly session = new RemoteSession();
  private readonly tools = new ToolHeaders();
  private readonly closing = new AbortController();
  private readonly calls = new Map<string, OpenCall>();
  private readonly stream: ServerStream;
  /** Requests of the legacy era wait until the server has taken notifications/initialized. */
  private begun: Promise<void> = Promise.resolve();

  constructor(options: StreamableHttpOptions) {
    this.options = options;
    this.stream = this.createServerStream();
  }

  send(bytes: Buffer, onTaken: () => void): void {
    const message = scanMessage(bytes);
    switch (message.kind) {
      case "request":
        void this.request(message, onTaken);
        return;
      case "notification":
        void this.notify(message).finally(onTaken);
        return;
      case "response":
        void this.tell(message).finally(onTaken);
        return;
      case "invalid":
        onTaken();
        return;
      default:
        message satisfies never;
    }
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.stream.stop();
    this.closing.abort();
    for (const { abort } of this.calls.values()) abort.abort();
    if (this.session.id !== undefined) await this.endSession();
  }

  private async request(message: RequestMessage, onTaken: () => void): Promise<void> {
    const call: OpenCall = {
      message,
      idText: spanText(message.bytes, message.id),
      modernVersion: modernVersionOf(message),
      abort: new AbortController(),
      onTaken,
    };
    this.calls.set(call.idText, call);
    this.session.note(message);
    try {
      if (message.method !== "initialize" && call.modernVersion === undefined) await this.begun;
      await this.ask(call, { isRetry: false });
    } catch (error) {
      this.fail(call, error);
    } finally {
      onTaken();
      this.calls.delete(call.idText);
    }
  }

  private async ask(call: OpenCall, { isRetry }: { readonly isRetry: boolean }): Promise<void> {
    this.closing.signal.throwIfAborted();
    const sessionId = this.session.id;
    const { message, abort, idText } = call;
    const response = await this.post(message.bytes, {
      headers: this.headersOf(call),
      signal: abort.signal,
      onSent: () => call.onTaken(),
    });
    if ((response.statusCode ?? 0) < 400) {
      await this.readAnswer(call, response);
      return;
    }
    const body = await readBody(response, maxRefusalBytes).catch(() => Buffer.alloc(0));
    if (sessionId !== undefined && !isRetry && saysSessionIsGone(response, body)) {
      await this.renew(sessionId);
      await this.ask(call, { isRetry: true });
      return;
    }
    const [told] = messagesIn(body);
    const isOwnWords = response.statusCode !== 401 && response.statusCode !== 403;
    if (isOwnWords && told?.kind === "response" && told.isError)
      this.options.events.onMessage(replaceSpans(told.bytes, [{ span: told.id, text: idText }]));
    else this.answerError(call, describeRefusal(response, this.options.launch));
  }

  /** In JSON, or on a stream that may break off and be taken up again. */
  private async readAnswer(call: OpenCall, response: IncomingMessage): Promise<void> {
    if (isEventStream(response)) {
      await this.readStream(call, response);
      return;
    }
    const messages = messagesIn(await readBody(response, maxLineBytes));
    for (const message of messages) this.deliver(message, { call, response });
    if (!messages.some((message) => answers(message, call.idText)))
      throw new HttpFailure(`it answered HTTP ${response.statusCode} without a JSON-RPC answer`, { isUnsent: false });
  }

  private async readStream(call: OpenCall, first: IncomingMessage): Promise<void> {
    let state = { isAnswered: false, lastEventId: "", delayMs: resumeDelayMs, resumptions: 0 };
    for (let stream: IncomingMessage | undefined = first; ;) {
      if (stream !== undefined) state = await this.readPart(call, stream, state);
      if (state.isAnswered) return;
      call.abort.signal.throwIfAborted();
      const isOver =
        state.lastEventId === "" || call.modernVersion !== undefined || state.resumptions === maxResumptions;
      if (isOver) throw new HttpFailure("the connection broke off before the answer", { isUnsent: false });
      await wait(state.delayMs * 2 ** state.resumptions, undefined, { signal: call.abort.signal });
      state.resumptions += 1;
      stream = await this.resume(state.lastEventId, call.abort.signal);
    }
  }

  private async readPart(
    call: OpenCall,
    stream: IncomingMessage,
    before: { isAnswered: boolean; lastEventId: string; delayMs: number; resumptions: number },
  ): Promise<typeof before> {
    const state = { ...before };
    try {
      await readEvents(stream, {
        maxEventBytes: maxLineBytes,
        onRetry: (delayMs) => {
          state.delayMs = Math.min(delayMs, closeGraceMs);
        },
        onEvent: ({ id, type, data }) => {
          if (id !== undefined) [state.lastEventId, state.resumptions] = [id, 0];
          if (type !== "message" || data.length === 0) return;
          const message = scanMessage(data);
          this.deliver(message, { call, response: stream });
          if (!answers(message, call.idText)) return;
          state.isAnswered = true;
          setTimeout(() => stream.destroy(), closeGraceMs).unref();
        },
      });
    } catch (error) {
      if (error instanceof TooLargeError) throw error;
    }
    return state;
  }

  /** Undefined when it cannot be reached just now. */
  private async resume(lastEventId: string, signal: AbortSignal): Promise<IncomingMessage | undefined> {
    try {
      const response = await this.getStream(lastEventId, signal);
      if (response.statusCode === 200 && isEventStream(response)) return response;
      response.destroy();
      throw new HttpFailure(
        `the connection broke off before the answer, and the server does not take it up again (HTTP ${response.statusCode})`,
        { isUnsent: false },
      );
    } catch (error) {
      if (isUnsent(error)) return undefined;
      throw error;
    }
  }

  private deliver(
    message: Message,
    { call, response }: { readonly call: OpenCall; readonly response: IncomingMessage },
  ): void {
    const { events } = this.options;
    if (message.kind === "invalid") {
      events.onNote(`The server sent something that is no JSON-RPC message: ${message.reason}`);
      return;
    }
    if (answers(message, call.idText)) {
      const { method } = call.message;
      if (method === "initialize") this.session.begin(headerOf(response, "mcp-session-id"), message.bytes);
      if (method === "tools/list" && call.modernVersion !== undefined) this.tools.learn(message.bytes);
    }
    events.onMessage(message.bytes);
  }

  private async notify(message: NotificationMessage): Promise<void> {
    if (message.method === "notifications/initialized") {
      this.begun = this.tell(message).then(() => this.stream.start());
      await this.begun;
      return;
    }
    const call =
      message.method === "notifications/cancelled" && message.requestId !== undefined
        ? this.calls.get(spanText(message.bytes, message.requestId))
        : undefined;
    // In the modern era closing the response is how a request is cancelled.
    if (call?.modernVersion === undefined) await this.tell(message);
    call?.abort.abort();
  }

  /** Sends what has no answer. */
  private async tell(message: NotificationMessage | ResponseMessage): Promise<void> {
    try {
      const isBeginning = message.kind === "notification" && message.method === "notifications/initialized";
      if (!isBeginning) await this.begun;
      await this.tellOnce(message, { isRetry: false });
    } catch (error) {
      if (this.closing.signal.aborted) return;
      if (isUnsent(error)) this.lose(error);
      else this.options.events.onNote(`A message to the server was lost: ${wordsOf(error)}`);
    }
  }

  private async tellOnce(
    message: NotificationMessage | ResponseMessage,
    { isRetry }: { readonly isRetry: boolean },
  ): Promise<void> {
    const sessionId = this.session.id;
    const { signal } = this.closing;
    const response = await this.post(message.bytes, { headers: this.session.headers, signal });
    if ((response.statusCode ?? 0) < 400) {
      response.resume();
      return;
    }
    const body = await readBody(response, maxRefusalBytes).catch(() => Buffer.alloc(0));
    // An answer to a question of the session that is gone has nobody to go to.
    if (sessionId !== undefined && !isRetry && saysSessionIsGone(response, body)) {
      await this.renew(sessionId);
      if (message.kind === "notification") await this.tellOnce(message, { isRetry: true });
      return;
    }
    throw new HttpFailure(describeRefusal(response, this.options.launch), { isUnsent: false });
  }

  /** The server has forgotten the session: a new one takes its place, once for all who notice it. */
  private renew(goneId: string): Promise<void> {
    if (this.session.id === goneId) {
      this.session.id = undefined;
      this.begun = this.beginAnew();
      // Who waits for it is told; nobody may be waiting.
      this.begun.catch(() => undefined);
    }
    return this.begun;
  }

  private async beginAnew(): Promise<void> {
    const { events } = this.options;
    events.onNote("The server no longer knew the session; a new one was begun in its place.");
    this.stream.stop();
    try {
      const { beginning } = this.session;
      if (beginning === undefined) throw new Error("there was no initialize");
      const { response, answer } = await this.askAside(beginning);
      const changing = this.session.begin(headerOf(response, "mcp-session-id"), answer);
      if (changing === undefined) throw new Error("it refuses initialize");
      await this.askAside(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
      for (const wish of this.session.wishes) await this.askAside(wish);
      this.stream.start();
      for (const list of changing)
        events.onMessage(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}`));
    } catch (cause) {
      const message = `the server has forgotten the session, and a new one failed: ${wordsOf(cause)}`;
      const failure = new HttpFailure(message, { isUnsent: true, cause });
      this.lose(failure);
      throw failure;
    }
  }

  /** A message whose answer the run does not see. */
  private async askAside(bytes: Buffer): Promise<{ readonly response: IncomingMessage; readonly answer: Buffer }> {
    const message = scanMessage(bytes);
    const idText = message.kind === "request" ? spanText(bytes, message.id) : undefined;
    const isBeginning = message.kind === "request" && message.method === "initialize";
    const headers = isBeginning ? {} : this.session.headers;
    const response = await this.post(bytes, { headers, signal: this.closing.signal });
    if ((response.statusCode ?? 0) >= 400) {
      response.destroy();
      throw new HttpFailure(describeRefusal(response, this.options.launch), { isUnsent: false });
    }
    let answer = Buffer.from("null");
    const take = (found: Message): void => {
      if (idText !== undefined && answers(found, idText)) answer = Buffer.from(found.bytes);
    };
    if (isEventStream(response))
      await readEvents(response, {
        maxEventBytes: maxLineBytes,
        onRetry: () => undefined,
        onEvent: ({ data }) => take(scanMessage(data)),
      });
    else for (const found of messagesIn(await readBody(response, maxLineBytes))) take(found);
    return { response, answer };
  }

  private async post(
    body: Buffer,
    request: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal; onSent?(): void },
  ): Promise<IncomingMessage> {
    const headers = {
      ...request.headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    for (const delayMs of connectDelaysMs) {
      try {
        return await this.options.client.send({ ...request, method: "POST", headers, body });
      } catch (error) {
        if (!isUnsent(error) || request.signal.aborted) throw error;
        await wait(delayMs, undefined, { signal: request.signal });
      }
    }
    return await this.options.client.send({ ...request, method: "POST", headers, body });
  }

  private getStream(lastEventId: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    const resumption = lastEventId === undefined || lastEventId === "" ? {} : { "last-event-id": lastEventId };
    const headers = { ...this.session.headers, accept: "text/event-stream", ...resumption };
    return this.options.client.send({ method: "GET", headers, signal });
  }

  private headersOf({ message, modernVersion }: OpenCall): Readonly<Record<string, string>> {
    if (modernVersion === undefined) return message.method === "initialize" ? {} : this.session.headers;
    const name = spanString(message.bytes, message.name ?? message.uri ?? message.taskId);
    return {
      "mcp-protocol-version": modernVersion,
      "mcp-method": message.method,
      ...(name === undefined ? {} : { "mcp-name": encodeHeaderValue(name) }),
      ...(message.method === "tools/call" ? this.tools.headersFor(message.bytes) : {}),
    };
  }

  private fail(call: OpenCall, error: unknown): void {
    if (call.abort.signal.aborted || this.closing.signal.aborted) return;
    if (isUnsent(error)) this.lose(error);
    else this.answerError(call, wordsOf(error), error instanceof TooLargeError);
  }

  private lose(failure: HttpFailure): void {
    if (!this.closing.signal.aborted) this.options.events.onLost(failure.message);
  }

  private answerError({ idText }: OpenCall, words: string, isLimit = false): void {
    const { events, launch } = this.options;
    const message = `${launch.server} (remote): ${words}`;
    events.onMessage(errorResponse(idText, { code: isLimit ? "limit_exceeded" : "server_unavailable", message }));
  }

  private createServerStream(): ServerStream {
    const { events } = this.options;
    return new ServerStream({
      maxEventBytes: maxLineBytes,
      request: (lastEventId, signal) => this.getStream(lastEventId, signal),
      onEvent: ({ type, data }) => {
        if (type !== "message" || data.length === 0) return;
        const message = scanMessage(data);
        if (message.kind !== "invalid") events.onMessage(message.bytes);
      },
      onNote: (text) => events.onNote(text),
      onSessionGone: () => {
        if (this.session.id !== undefined) void this.renew(this.session.id).catch(() => undefined);
      },
      onUnreachable: (failure) => this.lose(failure),
      isUnsent,
    });
  }

  private async endSession(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(deleteTimeoutMs);
      const response = await this.options.client.send({ method: "DELETE", headers: this.session.headers, signal });
      response.resume();
    } catch {
      // The server ends it by itself after a while.
    }
  }
}

function isUnsent(error: unknown): error is HttpFailure {
  return error instanceof HttpFailure && error.isUnsent;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function headerOf(response: IncomingMessage, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** 404 by the specification; many servers written after an early example answer 400 with words about the session. */
function saysSessionIsGone({ statusCode }: IncomingMessage, body: Buffer): boolean {
  if (statusCode === 404) return true;
  return statusCode === 400 && /session|not initialized/i.test(body.toString("utf8", 0, 2_000));
}
