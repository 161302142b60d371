import { randomUUID } from "node:crypto";
import { createSession, type Session } from "../../bridge/session.ts";
import type { Connection } from "../../runs/connection.ts";
import type { ServerSupervisor } from "../../runs/server-supervisor.ts";
import { ModernEndpoint } from "../modern/modern-endpoint.ts";
import type { EventStream } from "./event-stream.ts";

/** A client that went away without DELETE (many do) is forgotten after this time without a call or an open stream. */
const idleMs = 60 * 60 * 1_000;
const maxSessions = 1_000;

export interface HttpSession {
  readonly server: ServerSupervisor;
  readonly session: Session;
  readonly connection: Connection;
  /** The GET stream, where the client holds one. */
  stream: EventStream | undefined;
  openCalls: number;
  /** Monotonic: a wall clock that jumps must end no session. */
  lastUsedMs: number;
}

/** The sessions of all servers by Mcp-Session-Id, bounded in number and idle time; and what stands for them in the modern era. */
export class HttpSessions {
  private readonly byId = new Map<string, HttpSession>();
  private readonly endpoints = new Map<ServerSupervisor, ModernEndpoint>();
  private readonly sweeper: NodeJS.Timeout;

  constructor() {
    this.sweeper = setInterval(() => this.endIdle(performance.now() - idleMs), 60_000);
    this.sweeper.unref();
  }

  /** Undefined when there are too many, and all of them are in use. */
  create(server: ServerSupervisor): HttpSession | undefined {
    if (this.byId.size >= maxSessions) this.endOldestIdle();
    if (this.byId.size >= maxSessions) return undefined;
    const session = createSession(randomUUID(), (message) => http.stream?.send(message));
    const http: HttpSession = {
      server,
      session,
      connection: server.connect(session, () => this.end(http)),
      stream: undefined,
      openCalls: 0,
      lastUsedMs: performance.now(),
    };
    this.byId.set(http.session.id, http);
    return http;
  }

  /** The session, if it exists and belongs to this server. */
  find(id: string, server: ServerSupervisor): HttpSession | undefined {
    const http = this.byId.get(id);
    if (http?.server !== server || http.connection.isOver) return undefined;
    http.lastUsedMs = performance.now();
    return http;
  }

  /** Of the clients that have no sessions. */
  modernEndpoint(server: ServerSupervisor): ModernEndpoint {
    const existing = this.endpoints.get(server);
    if (existing !== undefined) return existing;
    const endpoint = new ModernEndpoint(server);
    this.endpoints.set(server, endpoint);
    return endpoint;
  }

  end(http: HttpSession): void {
    this.byId.delete(http.session.id);
    http.connection.close();
    http.stream?.end();
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const http of this.byId.values()) this.end(http);
    for (const endpoint of this.endpoints.values()) endpoint.close();
    this.endpoints.clear();
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
  return http.openCalls === 0 && http.stream === undefined;
}
