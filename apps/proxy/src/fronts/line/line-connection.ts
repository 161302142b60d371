import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { ClientSide } from "../../bridge/client-side.ts";
import type { Connection } from "../../runs/connection.ts";
import type { Handshake } from "../../runs/handshake.ts";

export interface LineConnectionOptions {
  readonly connection: Connection;
  /** Settles when servers can be started. */
  readonly whenOpen: Promise<void>;
  onStarted(handshake: Handshake): void;
}

/** A connection to a server that may have to wait for MCPProxy itself, and tells when the server has started. */
export class LineConnection implements Connection {
  private readonly options: LineConnectionOptions;

  constructor(options: LineConnectionOptions) {
    this.options = options;
  }

  get bridge(): ClientSide {
    return this.options.connection.bridge;
  }

  get isReady(): boolean {
    return this.options.connection.isReady;
  }

  get isOver(): boolean {
    return this.options.connection.isOver;
  }

  async ensureReady(trigger: RunTrigger): Promise<Handshake> {
    const { connection, whenOpen, onStarted } = this.options;
    await whenOpen;
    const handshake = await connection.ensureReady(trigger);
    onStarted(handshake);
    return handshake;
  }

  reportBug(error: unknown): void {
    this.options.connection.reportBug(error);
  }

  close(): void {
    this.options.connection.close();
  }
}
