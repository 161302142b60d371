import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../testing/until.ts";
import { testEnvironment } from "../../engine/testing/docker-fixture.ts";

const defaultSocketPath = "/var/run/docker.sock";
const deadlineMs = 60_000;

export interface HoldRequest {
  /** Of the request line, such as /^POST \S+\/containers\/create/. */
  readonly request: RegExp;
  /** "request": the engine does not hear of it; "answer": it acts, but nobody hears that it did. */
  readonly what: "request" | "answer";
}

/** The engine's socket behind a relay that can stop at one request: a moment in which a test can do what it likes. */
export interface EngineRelay extends AsyncDisposable {
  /** unix://… */
  readonly host: string;
  /** From now on requests like this are held; resolves when one is. */
  hold(request: HoldRequest): Promise<void>;
  /** Holds nothing more; what was held stays so, like a frozen engine. */
  release(): void;
}

export async function startEngineRelay(): Promise<EngineRelay> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-relay-"));
  const socketPath = join(folder, "docker.sock");
  const enginePath = (testEnvironment.dockerHost ?? `unix://${defaultSocketPath}`).replace(/^unix:\/\//, "");
  const sockets = new Set<Socket>();
  let held: HoldRequest | undefined;
  let heldCount = 0;
  // Half open: the end of a container's input must not be the end of its output.
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ path: enginePath, allowHalfOpen: true });
    for (const socket of [incoming, outgoing]) sockets.add(socket.on("close", () => sockets.delete(socket)));
    incoming.on("error", () => outgoing.destroy()).on("close", () => outgoing.destroy());
    outgoing.on("error", () => incoming.destroy());
    let isHeld = false;
    incoming.on("data", (chunk) => {
      const isMatch = held?.request.test(chunk.subarray(0, 300).toString("latin1")) === true;
      const what = isMatch ? held?.what : undefined;
      if (what !== undefined) {
        heldCount += 1;
        isHeld = true;
      }
      if (what !== "request") outgoing.write(chunk);
    });
    incoming.on("end", () => outgoing.end());
    outgoing.on("data", (chunk) => isHeld || incoming.write(chunk));
    outgoing.on("end", () => isHeld || incoming.end());
  });
  server.listen(socketPath);
  await once(server, "listening");
  return {
    host: `unix://${socketPath}`,
    async hold(request) {
      const before = heldCount;
      held = request;
      await until(`a request ${request.request} is held`, () => heldCount > before || undefined, deadlineMs);
    },
    release: () => void (held = undefined),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
