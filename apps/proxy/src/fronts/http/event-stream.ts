import type { ServerResponse } from "node:http";
import { eventFrame } from "./event-frame.ts";
import type { Outlet } from "./outlet.ts";

const keepAliveMs = 15_000;
const keepAlive = ": keep-alive\n\n";

export interface EventStreamOptions {
  readonly outlet: Outlet;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One Server-Sent Events response of MCP messages, with comments that keep it alive. */
export class EventStream {
  private readonly response: ServerResponse;
  private readonly outlet: Outlet;
  private readonly keepAlive: NodeJS.Timeout;

  constructor(response: ServerResponse, { outlet, headers = {} }: EventStreamOptions) {
    this.response = response;
    this.outlet = outlet;
    response.writeHead(200, {
      // Proxies on the way must not hold back events.
      "x-accel-buffering": "no",
      ...headers,
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
    });
    response.flushHeaders();
    this.keepAlive = setInterval(() => this.comment(), keepAliveMs);
    response.once("close", () => clearInterval(this.keepAlive));
  }

  get isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  deliver(message: Buffer): void {
    this.write(eventFrame(message));
  }

  write(frame: Buffer): void {
    if (!this.isOpen) return;
    // A client this far behind is not reading: its connection ends, nobody else's waits.
    if (!this.outlet.hasRoom(this.response)) {
      this.response.destroy();
      return;
    }
    this.response.write(frame);
    this.outlet.wrote(this.response);
  }

  end(): void {
    clearInterval(this.keepAlive);
    this.response.end();
  }

  onClose(listener: () => void): void {
    this.response.once("close", listener);
  }

  private comment(): void {
    if (!this.response.writableNeedDrain) this.response.write(keepAlive);
  }
}
