import type { Readable } from "node:stream";
import { TooLargeError } from "./http-failure.ts";

/** One event of a stream; https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
export interface StreamEvent {
  readonly type: string;
  readonly data: Buffer;
  /** The last id that the stream has named. */
  readonly id: string | undefined;
}

export interface ReadEventsOptions {
  readonly maxEventBytes: number;
  onEvent(event: StreamEvent): void;
  /** The server says how long to wait before the next connection. */
  onRetry(delayMs: number): void;
}

/** Reads the events of a stream until it ends. Rejects when it breaks, or when an event is over the bound. */
export async function readEvents(stream: Readable, options: ReadEventsOptions): Promise<void> {
  const fields = new EventFields(options);
  let rest: Buffer[] = [];
  let restBytes = 0;
  const push = (chunk: Buffer): void => {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
      fields.take(line.at(-1) === 0x0d ? line.subarray(0, -1) : line);
      [rest, restBytes] = [[], 0];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > options.maxEventBytes) throw new TooLargeError(options.maxEventBytes);
  };
  for await (const chunk of stream) push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
}

const lineBreak = Buffer.from("\n");

class EventFields {
  private readonly options: ReadEventsOptions;
  private type = "message";
  private data: Buffer[] = [];
  private dataBytes = 0;
  private id: string | undefined;

  constructor(options: ReadEventsOptions) {
    this.options = options;
  }

  take(line: Buffer): void {
    if (line.length === 0) {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(0x3a);
    const name = line.toString("utf8", 0, colon === -1 ? line.length : colon);
    const start = colon === -1 ? line.length : colon + (line[colon + 1] === 0x20 ? 2 : 1);
    this.takeField(name, line.subarray(start));
  }

  private takeField(name: string, value: Buffer): void {
    switch (name) {
      case "data":
        this.dataBytes += value.length + 1;
        if (this.dataBytes > this.options.maxEventBytes) throw new TooLargeError(this.options.maxEventBytes);
        this.data.push(value);
        return;
      case "event":
        this.type = value.toString();
        return;
      case "id":
        if (!value.includes(0)) this.id = value.toString();
        return;
      case "retry":
        if (/^\d{1,9}$/.test(value.toString())) this.options.onRetry(Number(value.toString()));
        return;
      default:
      // Comments, and what later revisions may add.
    }
  }

  private dispatch(): void {
    const { type, data, id } = this;
    this.type = "message";
    this.data = [];
    this.dataBytes = 0;
    const [first] = data;
    if (first === undefined) return;
    const whole = data.length === 1 ? first : Buffer.concat(data.flatMap((part) => [part, lineBreak]).slice(0, -1));
    this.options.onEvent({ type, data: whole, id });
  }
}
