import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { until } from "../harness/until.ts";

/** One connection whose bytes are the test's, and all that came back as Latin-1. */
export interface RawSocket {
  readonly socket: Socket;
  received(): string;
  write(text: string | Buffer): void;
  /** All that came back, once the other side has closed the connection. */
  closed(): Promise<string>;
  /** The statuses of the answers so far, once there are this many. */
  statuses(count: number): Promise<readonly number[]>;
}

export async function openRawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = "";
  let isClosed = false;
  socket.setEncoding("latin1").on("data", (text: string) => (received += text));
  // A reset is one way to be refused.
  socket.on("error", () => undefined).on("close", () => (isClosed = true));
  await once(socket, "connect");
  const statuses = () => [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  return {
    socket,
    received: () => received,
    write: (text) => void socket.write(text),
    async closed() {
      await until("the connection is closed", () => isClosed, { deadlineMs: 30_000 });
      return received;
    },
    async statuses(count) {
      const check = () => statuses().length >= count || isClosed;
      await until(`${count} answers have come`, check, { deadlineMs: 30_000 });
      return statuses();
    },
  };
}

/** A request's text; header lines as they are given. */
export function requestText(request: {
  readonly method?: string;
  readonly target: string;
  readonly lines: readonly string[];
  readonly body?: string;
}): string {
  const { method = "POST", target, lines, body = "" } = request;
  return `${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}
