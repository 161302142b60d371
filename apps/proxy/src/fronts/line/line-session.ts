import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { createLineFramer, maxLineBytes } from "../../bridge/line-framer.ts";
import { errorResponse } from "../../bridge/rpc-error.ts";
import { scanMessage } from "../../bridge/scan-message.ts";
import { createSession } from "../../bridge/session.ts";
import type { ServerSupervisor } from "../../runs/server-supervisor.ts";
import { dispatch } from "../dispatch.ts";
import { ColdAnswers } from "./cold-answers.ts";
import { LineConnection } from "./line-connection.ts";
import { ModernLineClient } from "./modern-line-client.ts";

const newline = Buffer.from("\n");
/** A client this far behind is not reading: its session ends, nobody else's waits. */
const maxUnsentBytes = 128 * 1024 * 1024;

export type LineServer = Pick<ServerSupervisor, "connect" | "rememberedHandshake">;

export interface LineStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** Settles when servers can be started; what needs none is answered before. */
  readonly whenOpen?: Promise<void>;
}

/** Serves one client that speaks JSON-RPC lines, over our own stdio or the local socket. Resolves when its input ends. */
export async function serveLines(
  server: LineServer,
  { input, output, whenOpen = Promise.resolve() }: LineStreams,
): Promise<void> {
  const send = (message: Buffer): boolean => {
    if (!output.writable) return false;
    output.write(Buffer.concat([message, newline], message.length + 1));
    if (output.writableLength > maxUnsentBytes) input.destroy();
    return true;
  };
  const session = createSession(randomUUID(), send);
  // A session whose own run has ended is over: the last answers first, then the client sees the end and begins anew.
  const connection = new LineConnection({
    connection: server.connect(session, () => output.end(() => input.destroy())),
    whenOpen,
    onStarted: (handshake) => cold.noteStarted(handshake),
  });
  const cold = new ColdAnswers({ connection, session, remembered: () => server.rememberedHandshake(), send });
  const sink = { onMessage: send, onResult: (message: Buffer) => void send(message), onCancelled: () => undefined };
  const modern = new ModernLineClient({ connection, principal: session.id, send });
  const take = (line: Buffer): void => {
    const message = scanMessage(line);
    if (!cold.take(message) && !modern.take(message)) dispatch({ connection, session }, message, sink);
  };
  const framer = createLineFramer({
    maxLineBytes,
    onLine: take,
    onLineTooLong: ({ sizeBytes }) =>
      send(
        errorResponse("null", {
          code: "limit_exceeded",
          message: `a line of ${sizeBytes} bytes is over the limit of ${maxLineBytes}`,
        }),
      ),
  });
  // Without a reader of the answers (a parent that died) there is nobody left to serve.
  output.once("error", () => input.destroy());
  try {
    for await (const chunk of input) {
      framer.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
      // A client that does not read its answers is not read either.
      if (output.writableNeedDrain) await drainedOrOver(output, input);
    }
  } catch {
    // The other side broke the connection: the same as its end.
  } finally {
    modern.close();
    connection.close();
  }
}

async function drainedOrOver(output: Writable, input: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  output.once("drain", resolve);
  output.once("close", resolve);
  input.once("close", resolve);
  await promise;
  output.off("drain", resolve);
  output.off("close", resolve);
  input.off("close", resolve);
}
