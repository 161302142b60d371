import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface EngineRelay extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly dockerHost: string;
}

/** An engine's socket that answers nobody from the first question about an image on; the stream of events stays open. */
export async function startEngineRelay(socketPath: string): Promise<EngineRelay> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-relay-"));
  const path = join(folder, "docker.sock");
  const questions = new Set<Socket>();
  const all = new Set<Socket>();
  let isRefusing = false;
  const refuse = (): void => {
    isRefusing = true;
    for (const socket of questions) socket.destroy();
  };
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    if (isRefusing) {
      incoming.destroy();
      return;
    }
    const outgoing = connect({ path: socketPath, allowHalfOpen: true });
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      all.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => all.delete(socket) && questions.delete(socket));
    }
    questions.add(incoming);
    incoming.on("data", (chunk) => {
      if (isEventStream(chunk)) questions.delete(incoming);
      if (isAboutImage(chunk)) refuse();
    });
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    dockerHost: `unix://${path}`,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of all) socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isAboutImage(chunk: Buffer | string): boolean {
  return /^GET \S*\/images\//.test(String(chunk));
}

function isEventStream(chunk: Buffer | string): boolean {
  return /^GET \S*\/events\?/.test(String(chunk));
}
