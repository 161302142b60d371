import type { Socket } from "node:net";

interface Tunnel {
  readonly client: Socket;
  readonly target: Socket;
  /** Both are closed after this long without a byte in either direction. */
  readonly idleTimeoutMs: number;
}

/** Moves bytes both ways until both have ended; an end of one direction leaves the other open. */
export function joinSockets({ client, target, idleTimeoutMs }: Tunnel): void {
  const destroyBoth = (): void => {
    client.destroy();
    target.destroy();
  };
  for (const socket of [client, target]) {
    socket.on("error", destroyBoth);
    // Closed without an end: the other side would wait for ever.
    socket.once("close", () => socket.readableEnded || destroyBoth());
  }
  // What one side sends the other receives, so one clock sees both directions.
  client.setTimeout(idleTimeoutMs, destroyBoth);
  client.pipe(target);
  target.pipe(client);
}
