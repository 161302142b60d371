import { connect, createServer, type Socket } from "node:net";

export interface BreakingRelay extends Disposable {
  readonly port: number;
  /** Breaks every connection that is open now. */
  breakAll(): void;
}

/** A network in between, whose connections can be broken. */
export async function openBreakingRelay(targetPort: number): Promise<BreakingRelay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .once("close", () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far);
    far.pipe(near);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    breakAll,
    [Symbol.dispose]() {
      breakAll();
      server.close();
    },
  };
}
