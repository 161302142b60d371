import type { Duplex } from "node:stream";

export interface Answer {
  readonly status: 400 | 403 | 405 | 502 | 503;
  readonly text: string;
}

const reasonPhrases = {
  400: "Bad Request",
  403: "Forbidden",
  405: "Method Not Allowed",
  502: "Bad Gateway",
  503: "Service Unavailable",
} as const satisfies Record<Answer["status"], string>;

/** Answers a CONNECT request in HTTP and closes the connection. */
export function sendAnswer(socket: Duplex, { status, text }: Answer): void {
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${reasonPhrases[status]}`,
    ...answerHeaders(body).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

export function answerHeaders(body: string): readonly (readonly [string, string])[] {
  return [
    ["content-type", "text/plain; charset=utf-8"],
    ["content-length", String(Buffer.byteLength(body))],
    ["connection", "close"],
  ];
}
