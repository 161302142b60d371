import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A socket in front of a daemon's, whose connections can be cut while the daemon lives. */
export interface SocketRelay extends AsyncDisposable {
  /** unix://… */
  readonly host: string;
  /** Open streams of events. */
  readonly eventStreams: number;
  /** Ends the streams of events, or every connection; returns how many. */
  cut(what: "events" | "all"): number;
}

/** Relays to the socket at this path. */
export async function startSocketRelay(targetPath: string): Promise<SocketRelay> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-relay-"));
  const path = join(folder, "docker.sock");
  const clients = new Map<Socket, "events" | "other">();
  const server = createServer((client) => {
    const target = connect(targetPath);
    clients.set(client, "other");
    const endBoth = (): void => {
      clients.delete(client);
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) socket.on("error", endBoth).on("close", endBoth);
    client.on("data", (bytes) => {
      if (/^GET \/(v[\d.]+\/)?events/.test(bytes.toString("latin1"))) clients.set(client, "events");
    });
    client.pipe(target).pipe(client);
  });
  server.listen(path);
  await once(server, "listening");
  const chosen = (what: "events" | "all"): readonly Socket[] =>
    [...clients].flatMap(([client, kind]) => (what === "all" || kind === what ? [client] : []));
  return {
    host: `unix://${path}`,
    get eventStreams() {
      return chosen("events").length;
    },
    cut(what) {
      const sockets = chosen(what);
      for (const socket of sockets) socket.destroy();
      return sockets.length;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of chosen("all")) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
