import { createSession } from "../../bridge/session.ts";
import type { Connection, Endpoint } from "../../runs/connection.ts";
import type { LegacyCall } from "./legacy-call.ts";
import type { ModernPeer } from "./modern-peer.ts";
import { ParameterHeaders } from "./parameter-headers.ts";
import { ParkedCalls } from "./parked-calls.ts";

/**
 * The clients of the modern era at one server. They have no sessions, so they share one connection: to the run that
 * serves everyone, or with `scope: "session"` to one run of their own.
 */
export class ModernEndpoint {
  readonly parameterHeaders = new ParameterHeaders();
  lastUsedMs = performance.now();
  private readonly server: Endpoint;
  private readonly parked = new ParkedCalls<LegacyCall>();
  private readonly listens = new Set<{ end(): void }>();
  private connection: Connection | undefined;

  constructor(server: Endpoint) {
    this.server = server;
  }

  get isIdle(): boolean {
    return this.parked.size === 0 && this.listens.size === 0 && (this.connection?.bridge.callsInFlight ?? 0) === 0;
  }

  /** One client's view of it. */
  peer(principal: string): ModernPeer {
    this.lastUsedMs = performance.now();
    const { parked, listens } = this;
    return { connection: this.connect(), principal, parked, listens };
  }

  close(): void {
    for (const listen of this.listens) listen.end();
    this.parked.expireAll("MCPProxy ends the connection");
    this.connection?.close();
    this.connection = undefined;
  }

  private connect(): Connection {
    if (this.connection !== undefined && !this.connection.isOver) return this.connection;
    const session = createSession("modern-clients", () => undefined);
    const connection = this.server.connect(session, () => {
      for (const listen of this.listens) listen.end();
    });
    this.connection = connection;
    return connection;
  }
}
