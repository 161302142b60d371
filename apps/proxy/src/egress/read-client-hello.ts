import type { Socket } from "node:net";
import { createClientHelloParser, type ClientHelloParse } from "./client-hello.ts";

export interface ClientHelloReading {
  /** Everything that was read, to be passed on. */
  readonly bytes: Buffer;
  readonly outcome:
    | Exclude<ClientHelloParse, { state: "incomplete" }>
    | { readonly state: "timed_out" }
    | { readonly state: "closed" };
}

interface ClientHelloRequest {
  readonly socket: Socket;
  /** Bytes that came together with the CONNECT request. */
  readonly head: Buffer;
  readonly timeoutMs: number;
}

/** Reads from a connection until its ClientHello is whole, wrong or late; leaves it paused. */
export function readClientHello({ socket, head, timeoutMs }: ClientHelloRequest): Promise<ClientHelloReading> {
  const { promise, resolve } = Promise.withResolvers<ClientHelloReading>();
  const parser = createClientHelloParser();
  const chunks: Buffer[] = [];
  const finish = (outcome: ClientHelloReading["outcome"]): void => {
    clearTimeout(timer);
    socket.off("data", onData).off("end", onClosed).off("close", onClosed).pause();
    resolve({ bytes: Buffer.concat(chunks), outcome });
  };
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    const parse = parser.push(chunk);
    if (parse.state !== "incomplete") finish(parse);
  };
  const onClosed = (): void => finish({ state: "closed" });
  const timer = setTimeout(() => finish({ state: "timed_out" }), timeoutMs);
  socket.on("data", onData).on("end", onClosed).on("close", onClosed);
  onData(head);
  return promise;
}
