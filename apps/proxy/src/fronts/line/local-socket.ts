import { chmod, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import type { Supervisor } from "../../runs/supervisor.ts";
import { serveLines } from "./line-session.ts";
import { readFirstLine } from "./socket-client.ts";

/** Time for the last answers to reach their clients. */
const closeGraceMs = 500;

export interface LocalSocket {
  /** Stops listening and ends every connection. */
  close(): void;
}

/**
 * Listens on the local socket (0600). A client sends one line with the server's name, gets one line "ok" or an error,
 * then both speak MCP lines.
 */
export async function listenOnLocalSocket(path: string, supervisor: Supervisor): Promise<LocalSocket> {
  // Left behind by a kill -9; nobody listens there, as the port was ours to take.
  await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    void serveSocket(socket, supervisor);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(path, resolve);
  await promise;
  await chmod(path, 0o600);
  return {
    close() {
      server.close();
      for (const socket of sockets) {
        socket.destroySoon();
        setTimeout(() => socket.destroy(), closeGraceMs);
      }
    },
  };
}

async function serveSocket(socket: Socket, supervisor: Supervisor): Promise<void> {
  socket.on("error", () => socket.destroy());
  const name = await readFirstLine(socket);
  const server = name === undefined ? undefined : supervisor.find(name);
  if (server === undefined) {
    const names = supervisor.list().map((record) => record.name);
    socket.end(`No server is called "${name ?? ""}". Configured: ${names.join(", ") || "none"}.\n`);
    return;
  }
  socket.write("ok\n");
  await serveLines(server, { input: socket, output: socket });
  socket.end();
}
