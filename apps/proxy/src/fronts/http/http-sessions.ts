import { randomUUID } from "node:crypto";
import { defaultLimits, type LimitValues } from "@mcpproxy/config-schema/config";
import { createSession, type Session } from "../../bridge/session.ts";
import type { Connection, Endpoint } from "../../runs/connection.ts";
import { ModernEndpoint } from "../modern/modern-endpoint.ts";
import type { EventStream } from "./event-stream.ts";
import { Outlets, type Outlet } from "./outlet.ts";
import { SessionStreams } from "./session-streams.ts";

const sweepMs = 60_000;
/** What is kept for clients that may come back, of all sessions together. */
const maxKeptBytes = 256 * 1024 * 1024;

export interface HttpSession {
  readonly server: Endpoint;
  readonly session: Session;
  readonly connection: Connection;
  readonly streams: SessionStreams;
  readonly outlet: Outlet;
  /** The one stream of a client that speaks HTTP+SSE (2024-11-05). */
  readonly sseStream: EventStream | undefined;
  /** What initialize agreed on. */
  protocolVersion: string | undefined;
  openCalls: number;
  /** Monotonic: a wall clock that jumps must end no session. */
  lastUsedMs: number;
}

/** The sessions of all servers by id, bounded in number and idle time; and what stands for them in the modern era. */
export class HttpSessions {
  readonly outlets: Outlets;
  readonly limits: () => LimitValues;
  private readonly byId = new Map<string, HttpSession>();
  private readonly endpoints = new Map<Endpoint, ModernEndpoint>();
  private readonly kept = { usedBytes: 0, limitBytes: maxKeptBytes };
  private readonly sweeper: NodeJS.Timeout;

  /** `limits` are those of the config as it is now. */
  constructor(limits: () => LimitValues = () => defaultLimits) {
    this.limits = limits;
    this.outlets = new Outlets(() => limits().queuedBytes);
    this.sweeper = setInterval(() => this.sweep(), sweepMs);
    this.sweeper.unref();
  }

  /** Undefined when there are too many, and all of them are in use. `openStream` is for a client of HTTP+SSE. */
  create(server: Endpoint, openStream?: (outlet: Outlet) => EventStream): HttpSession | undefined {
    const { sessions } = this.limits();
    if (this.byId.size >= sessions) this.endOldestIdle();
    if (this.byId.size >= sessions) {
      server.noteLimitExceeded?.(`A client was refused: ${sessions} sessions are in use (limits.max_sessions).`);
      return undefined;
    }
    const streams = this.createStreams(server);
    const outlet = this.outlets.ofSession();
    const sseStream = openStream?.(outlet);
    const session = createSession(randomUUID(), (message) => (sseStream ?? streams).deliver(message));
    const http: HttpSession = {
      server,
      session,
      connection: server.connect(session, () => this.end(http)),
      streams,
      outlet,
      sseStream,
      protocolVersion: undefined,
      openCalls: 0,
      lastUsedMs: performance.now(),
    };
    this.byId.set(session.id, http);
    return http;
  }

  /** The session, if it exists, belongs to this server, and is of this transport. */
  find(id: string, server: Endpoint, transport: "streamable" | "sse" = "streamable"): HttpSession | undefined {
    const http = this.byId.get(id);
    if (http?.server !== server || http.connection.isOver) return undefined;
    if ((http.sseStream === undefined) !== (transport === "streamable")) return undefined;
    http.lastUsedMs = performance.now();
    return http;
  }

  /** Of the clients that have no sessions. */
  modernEndpoint(server: Endpoint): ModernEndpoint {
    const existing = this.endpoints.get(server);
    if (existing !== undefined) return existing;
    const endpoint = new ModernEndpoint(server);
    this.endpoints.set(server, endpoint);
    return endpoint;
  }

  end(http: HttpSession): void {
    if (!this.byId.delete(http.session.id)) return;
    http.connection.close();
    http.streams.close();
    http.sseStream?.end();
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const http of this.byId.values()) this.end(http);
    for (const endpoint of this.endpoints.values()) endpoint.close();
    this.endpoints.clear();
  }

  private createStreams(server: Endpoint): SessionStreams {
    const bounds = () => {
      const { queuedMessages, queuedBytes } = this.limits();
      return { maxEvents: queuedMessages, maxBytes: queuedBytes };
    };
    return new SessionStreams({
      bounds,
      kept: this.kept,
      onLossTold: () =>
        server.noteLimitExceeded?.("A result could not be kept until its client came back (limits.max_queued_bytes)."),
    });
  }

  private sweep(): void {
    const nowMs = performance.now();
    for (const { streams } of this.byId.values()) streams.forgetOld(nowMs);
    this.endIdle(nowMs - this.limits().sessionIdleMs);
  }

  private endIdle(beforeMs: number): void {
    for (const http of this.byId.values())
      if (http.server.isRetired || (isIdle(http) && http.lastUsedMs < beforeMs)) this.end(http);
    for (const [server, endpoint] of this.endpoints)
      if (server.isRetired || (endpoint.isIdle && endpoint.lastUsedMs < beforeMs)) {
        this.endpoints.delete(server);
        endpoint.close();
      }
  }

  private endOldestIdle(): void {
    const idle = [...this.byId.values()].filter(isIdle).toSorted((one, other) => one.lastUsedMs - other.lastUsedMs);
    const [oldest] = idle;
    if (oldest !== undefined) this.end(oldest);
  }
}

function isIdle(http: HttpSession): boolean {
  return http.openCalls === 0 && http.streams.listeningCount === 0 && http.sseStream === undefined;
}
