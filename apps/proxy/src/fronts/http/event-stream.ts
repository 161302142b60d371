import type { ServerResponse } from "node:http";

const keepAliveMs = 15_000;
/** A reader this far behind is not reading; its stream ends, nobody else's waits. */
const maxUnsentBytes = 32 * 1024 * 1024;
const prefix = Buffer.from("event: message\ndata: ");
const suffix = Buffer.from("\n\n");

/** One Server-Sent Events response of MCP messages, with comments that keep it alive. */
export class EventStream {
  private readonly response: ServerResponse;
  private readonly keepAlive: NodeJS.Timeout;

  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.response = response;
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
    });
    response.flushHeaders();
    this.keepAlive = setInterval(() => response.write(": keep-alive\n\n"), keepAliveMs);
    response.once("close", () => clearInterval(this.keepAlive));
  }

  /** The message is one line of JSON, so it needs one data field. */
  send(message: Buffer): void {
    if (this.response.writableEnded) return;
    // What waits before it counts, not its own size: one message may be larger than the bound.
    if (this.response.writableLength > maxUnsentBytes) this.response.destroy();
    else this.response.write(Buffer.concat([prefix, message, suffix]));
  }

  end(): void {
    clearInterval(this.keepAlive);
    this.response.end();
  }
}
