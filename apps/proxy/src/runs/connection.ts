import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { Bridge } from "../bridge/bridge.ts";
import type { ClientSide } from "../bridge/client-side.ts";
import type { Session } from "../bridge/session.ts";
import type { Handshake } from "./handshake.ts";

/** A session's line to its server: to the run that serves everyone, or to a run of its own. */
export interface Connection {
  readonly bridge: ClientSide;
  readonly isReady: boolean;
  /** The client has to begin anew with initialize. */
  readonly isOver: boolean;
  /** Resolves when the server is ready, starting it when it does not run. Rejects with ServerUnavailableError that says why not. */
  ensureReady(trigger: RunTrigger): Promise<Handshake>;
  /** For main.log: a message of the client could not be handled. */
  reportBug(error: unknown): void;
  /** The client is gone. */
  close(): void;
}

/** What clients connect to: a server, or what stands for several. */
export interface Endpoint {
  readonly name: string;
  /** It is gone for good. */
  readonly isRetired: boolean;
  /** Opens a session's line to it; nothing is started. `onOver` tells when it ends the session. */
  connect(session: Session, onOver: () => void): Connection;
  /** A bound of MCPProxy was reached: an event of the run, where there is one. */
  noteLimitExceeded?(reason: string): void;
}

export interface SharedServer {
  readonly bridge: Bridge;
  readonly isReady: boolean;
  ensureReady(trigger: RunTrigger): Promise<Handshake>;
  reportBug(error: unknown): void;
}

export interface SharedConnectionOptions {
  readonly session: Session;
  /** Called when the server ends the session, not when the client does. */
  onOver(): void;
  onClosed(connection: SharedConnection): void;
}

/** To the run that serves all sessions; survives its restarts. */
export class SharedConnection implements Connection {
  isOver = false;
  private readonly server: SharedServer;
  private readonly options: SharedConnectionOptions;

  constructor(server: SharedServer, options: SharedConnectionOptions) {
    this.server = server;
    this.options = options;
    server.bridge.addSession(options.session);
  }

  get bridge(): Bridge {
    return this.server.bridge;
  }

  get isReady(): boolean {
    return this.server.isReady;
  }

  ensureReady(trigger: RunTrigger): Promise<Handshake> {
    return this.server.ensureReady(trigger);
  }

  reportBug(error: unknown): void {
    this.server.reportBug(error);
  }

  close(): void {
    this.isOver = true;
    this.bridge.removeSession(this.options.session);
    this.options.onClosed(this);
  }

  /** The server gives up its sessions. */
  end(): void {
    if (this.isOver) return;
    this.close();
    this.options.onOver();
  }
}
