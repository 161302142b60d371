import type { ServerResponse } from "node:http";
import type { Message } from "./message.ts";

/** Writes one message as an event, after the head of the stream if it is the first. */
export function writeEvent(response: ServerResponse, message: Message): void {
  openEventStream(response);
  response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

/** Sends the head of an event stream, once. */
export function openEventStream(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
}

/** Answers with one message. */
export function answerJson({
  response,
  status,
  message,
}: {
  readonly response: ServerResponse;
  readonly status: number;
  readonly message: Message;
}): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(message));
}
