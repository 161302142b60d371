import { chmod, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Supervisor } from "../../runs/supervisor.ts";
import { serveLines } from "./line-session.ts";

const maxHelloBytes = 1_024;

/** Where `mcpproxy serve` listens for `mcpproxy stdio` of the same user. */
export function localSocketPath(dataDirectory: string): string {
  return join(dataDirectory, "mcpproxy.sock");
}

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
  await serveLines(server, socket, socket);
  socket.end();
}

export type LocalConnection =
  | { readonly kind: "connected"; readonly socket: Socket }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "nobody-listens" };

/** Connects to a running `mcpproxy serve` and asks for a server. */
export async function connectToLocalSocket(path: string, serverName: string): Promise<LocalConnection> {
  const socket = createConnection(path);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once("connect", () => resolve(true));
  socket.once("error", () => resolve(false));
  if (!(await promise)) return { kind: "nobody-listens" };
  socket.write(`${serverName}\n`);
  const answer = await readFirstLine(socket);
  if (answer === "ok") return { kind: "connected", socket };
  socket.destroy();
  return { kind: "refused", message: answer ?? "MCPProxy closed the connection." };
}

/** Reads up to the first line break and puts the rest back; undefined when the connection ends before. */
function readFirstLine(socket: Socket): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  let head = Buffer.alloc(0);
  const onReadable = (): void => {
    for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(0x0a);
      if (end === -1 && head.length <= maxHelloBytes) continue;
      finish(end === -1 ? undefined : head.subarray(0, end).toString());
      if (end !== -1 && end + 1 < head.length) socket.unshift(head.subarray(end + 1));
      return;
    }
  };
  const onClose = (): void => finish(undefined);
  const finish = (line: string | undefined): void => {
    socket.off("readable", onReadable);
    socket.off("close", onClose);
    resolve(line);
  };
  socket.on("readable", onReadable);
  socket.once("close", onClose);
  return promise;
}
