import { createConnection, type Socket } from "node:net";
import { join } from "node:path";

const maxHelloBytes = 1_024;

/** Where `mcpproxy serve` listens for `mcpproxy stdio` of the same user. */
export function localSocketPath(dataDirectory: string): string {
  return join(dataDirectory, "mcpproxy.sock");
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
export function readFirstLine(socket: Socket): Promise<string | undefined> {
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
