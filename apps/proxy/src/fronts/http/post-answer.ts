import type { ServerResponse } from "node:http";
import type { CallSink } from "../../bridge/session.ts";
import { EventStream } from "./event-stream.ts";

/** A call without any message for this long becomes a stream, whose comments keep the connection from being taken for dead. */
const quietMs = 15_000;

export interface PostAnswerOptions {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  /** False for a client that accepts JSON only: it gets the result and nothing else. */
  readonly acceptsStream: boolean;
  onDone(): void;
}

/**
 * The answer to one POSTed request: plain JSON when the result comes first, which is the fast and common case;
 * a stream from the first progress notification or server request on.
 */
export function createPostAnswer(options: PostAnswerOptions): CallSink {
  const { response, headers, acceptsStream } = options;
  let stream: EventStream | undefined;
  const openStream = (): EventStream => (stream ??= new EventStream(response, headers));
  const quietTimer = acceptsStream ? setTimeout(openStream, quietMs) : undefined;
  const finish = (): void => {
    clearTimeout(quietTimer);
    options.onDone();
  };
  // The client went away before the answer: a disconnect is no cancel in the legacy era, the call goes on.
  response.once("close", () => clearTimeout(quietTimer));

  return {
    onMessage(message) {
      if (!acceptsStream || response.destroyed) return false;
      openStream().send(message);
      return true;
    },
    onResult(message) {
      finish();
      if (stream === undefined) sendJson(response, headers, message);
      else {
        stream.send(message);
        stream.end();
      }
    },
    onCancelled() {
      finish();
      if (acceptsStream) openStream().end();
      else response.writeHead(202, headers).end();
    },
  };
}

function sendJson(response: ServerResponse, headers: Readonly<Record<string, string>>, message: Buffer): void {
  if (response.destroyed) return;
  response.writeHead(200, { ...headers, "content-type": "application/json", "content-length": message.length });
  response.end(message);
}
