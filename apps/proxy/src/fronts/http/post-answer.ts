import type { ServerResponse } from "node:http";
import { errorResponse } from "../../bridge/rpc-error.ts";
import type { CallSink } from "../../bridge/session.ts";
import { EventStream } from "./event-stream.ts";
import type { HttpSession } from "./http-sessions.ts";
import type { ResumableStream } from "./resumable-stream.ts";

/** A call without any message for this long becomes a stream, whose comments keep the connection from being taken for dead. */
const quietMs = 15_000;
/** Much sooner for a client that can come back to its stream: a call that lasts is worth it. */
const quietResumableMs = 250;

export interface PostAnswerOptions {
  readonly response: ServerResponse;
  readonly http: HttpSession;
  readonly headers: Readonly<Record<string, string>>;
  /** False for a client that accepts JSON only: it gets the results and nothing else. */
  readonly acceptsStream: boolean;
  /** How many requests were posted; more than one only in a batch. */
  readonly requests: number;
  readonly isBatch: boolean;
  onDone(): void;
}

/**
 * The answer to what was POSTed: plain JSON when the results come first, which is the fast and common case; a stream,
 * which the client may come back to, from the first progress notification or server request on.
 */
export class PostAnswer {
  private readonly options: PostAnswerOptions;
  private readonly quietTimer: NodeJS.Timeout | undefined;
  private readonly results: Buffer[] = [];
  private stream: ResumableStream | undefined;
  private openRequests: number;

  constructor(options: PostAnswerOptions) {
    this.options = options;
    this.openRequests = options.requests;
    const { response, acceptsStream, http } = options;
    const waitMs = http.streams.isPrimed ? quietResumableMs : quietMs;
    this.quietTimer = acceptsStream ? setTimeout(() => void this.openStream(), waitMs) : undefined;
    // The client went away before the answer: a disconnect is no cancel in the legacy era, the call goes on.
    response.once("close", () => clearTimeout(this.quietTimer));
  }

  /** For one of the requests; `idText` is the raw JSON of its id. */
  sink(idText: string): CallSink {
    return {
      onMessage: (message) => this.send(message),
      onResult: (message) => this.takeResult(message, idText),
      onCancelled: () => this.finishOne(),
    };
  }

  private send(message: Buffer): boolean {
    const stream = this.options.acceptsStream ? this.openStream() : undefined;
    stream?.send(message);
    return stream !== undefined;
  }

  /** Undefined when the client went away before it could know the stream. */
  private openStream(): ResumableStream | undefined {
    if (this.stream !== undefined) return this.stream;
    const { response, http, headers } = this.options;
    if (response.destroyed) return undefined;
    this.stream = http.streams.answer(new EventStream(response, { outlet: http.outlet, headers }));
    for (const result of this.results.splice(0)) this.stream.send(result);
    return this.stream;
  }

  private takeResult(message: Buffer, idText: string): void {
    if (this.stream === undefined) this.results.push(this.boundedResult(message, idText));
    else this.stream.send(message, () => lostResult(message.length, idText));
    this.finishOne();
  }

  private finishOne(): void {
    this.openRequests -= 1;
    if (this.openRequests > 0) return;
    clearTimeout(this.quietTimer);
    this.options.onDone();
    if (this.stream === undefined) this.sendJson();
    else this.stream.end();
  }

  private sendJson(): void {
    const { response, http, headers, isBatch } = this.options;
    if (response.destroyed) return;
    const [first, ...others] = this.results;
    if (first === undefined) {
      this.endWithoutResult();
      return;
    }
    const body = isBatch ? jsonArray([first, ...others]) : first;
    response.writeHead(200, { ...headers, "content-type": "application/json", "content-length": body.length });
    response.end(body);
    http.outlet.wrote(response);
  }

  /** All was cancelled: no result will come. */
  private endWithoutResult(): void {
    const { response, http, headers, acceptsStream } = this.options;
    if (acceptsStream) new EventStream(response, { outlet: http.outlet, headers }).end();
    else response.writeHead(202, headers).end();
  }

  /** A client that does not read what it got already gets no more: what waits for it stays bounded. */
  private boundedResult(message: Buffer, idText: string): Buffer {
    const { http, response } = this.options;
    if (http.outlet.hasRoom(response)) return message;
    const text = `The result of ${message.length} bytes was dropped: the client does not read the answers that it has (limits.max_queued_bytes); read them and call again.`;
    http.server.noteLimitExceeded?.(text);
    return errorResponse(idText, { code: "limit_exceeded", message: text });
  }
}

function lostResult(sizeBytes: number, idText: string): Buffer {
  const message = `The result of ${sizeBytes} bytes could not be kept until the client came back (limits.max_queued_bytes); call again.`;
  return errorResponse(idText, { code: "limit_exceeded", message });
}

function jsonArray(elements: readonly Buffer[]): Buffer {
  const parts = elements.flatMap((element, index) => [Buffer.from(index === 0 ? "[" : ","), element]);
  return Buffer.concat([...parts, Buffer.from("]")]);
}
