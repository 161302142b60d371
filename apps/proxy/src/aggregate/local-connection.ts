import type { ClientSide } from "../bridge/client-side.ts";
import type { Connection } from "../runs/connection.ts";
import type { Handshake } from "../runs/handshake.ts";

export interface LocalConnectionOptions {
  readonly bridge: ClientSide;
  handshake(): Handshake;
  reportBug(error: unknown): void;
  onClosed(): void;
}

/** A connection to something inside MCPProxy, which is always there. */
export function localConnection({ bridge, handshake, reportBug, onClosed }: LocalConnectionOptions): Connection {
  let isOver = false;
  return {
    bridge,
    isReady: true,
    get isOver() {
      return isOver;
    },
    ensureReady: () => Promise.resolve(handshake()),
    reportBug,
    close() {
      isOver = true;
      onClosed();
    },
  };
}
