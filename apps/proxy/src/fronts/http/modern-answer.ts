import type { ServerResponse } from "node:http";
import type { ModernSink } from "../modern/modern-sink.ts";
import { EventStream } from "./event-stream.ts";
import type { Outlet } from "./outlet.ts";

/** A call without any message for this long becomes a stream, whose comments keep the connection from being taken for dead. */
const quietMs = 15_000;

/** The answer to one POST of the modern era: JSON with its status when the result comes first, else a stream. */
export function createModernAnswer(
  response: ServerResponse,
  { acceptsStream, outlet }: { readonly acceptsStream: boolean; readonly outlet: Outlet },
): ModernSink {
  let stream: EventStream | undefined;
  const openStream = (): EventStream => (stream ??= new EventStream(response, { outlet }));
  const quietTimer = acceptsStream ? setTimeout(openStream, quietMs) : undefined;
  response.once("close", () => clearTimeout(quietTimer));
  return {
    onMessage(message) {
      if (!acceptsStream || response.destroyed || response.writableEnded) return false;
      openStream().deliver(message);
      return true;
    },
    onResult(message, status) {
      clearTimeout(quietTimer);
      if (response.destroyed) return;
      if (stream === undefined) {
        response.writeHead(status, { "content-type": "application/json", "content-length": message.length });
        response.end(message);
        outlet.wrote(response);
        return;
      }
      stream.deliver(message);
      stream.end();
    },
  };
}
