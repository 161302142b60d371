import type { IncomingMessage } from "node:http";
import { TooLargeError } from "./http-failure.ts";
import { scanMessage, spanText, type Message } from "../bridge/scan-message.ts";

/** Whether a response is a stream of events. */
export function isEventStream({ headers }: IncomingMessage): boolean {
  return /^text\/event-stream\b/i.test(headers["content-type"] ?? "");
}

/** The whole body. Rejects when it is over the bound, or breaks. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > maxBytes) throw new TooLargeError(maxBytes);
    chunks.push(part);
  }
  return Buffer.concat(chunks, bytes);
}

/** The JSON-RPC messages of a body; revision 2025-03-26 allows several in a list. */
export function messagesIn(body: Buffer): readonly Message[] {
  const message = scanMessage(body);
  if (message.kind !== "invalid" || body.toString("utf8", 0, 64).trimStart()[0] !== "[") return [message];
  try {
    const list: unknown = JSON.parse(body.toString());
    return Array.isArray(list) ? list.map((one) => scanMessage(Buffer.from(JSON.stringify(one)))) : [message];
  } catch {
    return [message];
  }
}

/** Whether a message is the answer to the request with this id, as raw JSON. */
export function answers(message: Message, idText: string): boolean {
  return message.kind === "response" && spanText(message.bytes, message.id) === idText;
}
