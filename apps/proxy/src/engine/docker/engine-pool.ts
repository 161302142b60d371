import { createHash } from "node:crypto";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { ContainerEngine } from "../engine.ts";
import { createDockerEngine } from "./docker-engine.ts";
import type { DockerEndpoint, DockerEnvironment } from "./docker-endpoint.ts";
import type { EventGap } from "./engine-watch.ts";
import { endpointIdentity } from "./endpoint-identity.ts";

export interface PooledEngine {
  readonly engine: ContainerEngine;
  /** As it was found first; others may know the engine under another name. */
  readonly endpoint: DockerEndpoint;
}

export interface EngineHold {
  /** The server whose run holds the engine; undefined for holds of our own. */
  readonly server: string | undefined;
  readonly pooled: PooledEngine;
}

export interface EnginePoolRequest {
  readonly environment: DockerEnvironment;
  readonly instanceId: string;
  /** What Docker's credential helpers get. */
  readonly helperEnvironment: Readonly<Record<string, string>>;
  /** Takes lines about pulls. */
  writeLog(line: string): void;
  /** True for an engine that new runs would go to. */
  isWanted(pooled: PooledEngine): boolean;
  onStatusChange(engine: ContainerEngine, status: EngineStatus): void;
  onEventsMissed(engine: ContainerEngine, gap: EventGap): void;
  onUnwatchedStart(engine: ContainerEngine): void;
}

/** Open engines, one per endpoint, created on first use and closed when nobody holds or wants them. */
export class EnginePool {
  private readonly request: EnginePoolRequest;
  private readonly open = new Set<PooledEngine>();
  private readonly held = new Set<EngineHold>();
  private readonly closing = new Set<Promise<void>>();

  constructor(request: EnginePoolRequest) {
    this.request = request;
  }

  get engines(): readonly PooledEngine[] {
    return [...this.open];
  }

  get holds(): readonly EngineHold[] {
    return [...this.held];
  }

  /** The engine of this endpoint, held: nobody closes it before `release`. */
  obtain(endpoint: DockerEndpoint, server?: string): { readonly pooled: PooledEngine; release(): void } {
    // Compared anew each time: a link to a socket may have been made in the meantime.
    const key = keyOf(endpoint);
    const pooled = this.engines.find((known) => keyOf(known.endpoint) === key) ?? this.create(endpoint);
    return { pooled, release: this.hold(pooled, server) };
  }

  /** Returns the function that ends the hold. */
  hold(pooled: PooledEngine, server: string | undefined): () => void {
    const hold: EngineHold = { server, pooled };
    this.held.add(hold);
    return () => {
      if (this.held.delete(hold)) this.closeUnused();
    };
  }

  closeUnused(): void {
    const inUse = new Set([...this.held].map(({ pooled }) => pooled));
    for (const pooled of this.engines) {
      if (!inUse.has(pooled) && !this.request.isWanted(pooled)) this.close(pooled);
    }
  }

  async closeAll(): Promise<void> {
    for (const pooled of this.engines) this.close(pooled);
    await Promise.all(this.closing);
  }

  private create(endpoint: DockerEndpoint): PooledEngine {
    const { environment, instanceId, helperEnvironment, onStatusChange, onEventsMissed } = this.request;
    const engine: ContainerEngine = createDockerEngine({
      environment,
      instanceId,
      helperEnvironment,
      writeLog: (line) => this.request.writeLog(line),
      target: { kind: "found", endpoint },
      onEventsMissed: (gap) => onEventsMissed(engine, gap),
      onUnwatchedStart: () => this.request.onUnwatchedStart(engine),
    });
    engine.onStatusChange((status) => onStatusChange(engine, status));
    const pooled = { engine, endpoint };
    this.open.add(pooled);
    return pooled;
  }

  private close(pooled: PooledEngine): void {
    this.open.delete(pooled);
    const closed = pooled.engine.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }
}

/** With other TLS files it is another connection, also to the same address. */
function keyOf({ endpoint, connection }: DockerEndpoint): string {
  const { ca, cert, key, protocol } = connection;
  const hash = createHash("sha256");
  for (const part of [ca, cert, key]) hash.update(Buffer.isBuffer(part) ? part : "-").update("\0");
  return `${endpointIdentity(endpoint)} ${protocol} ${hash.digest("hex")}`;
}

/** True when a connection that was made to the one also is one to the other. */
export function isSameConnection(one: DockerEndpoint, other: DockerEndpoint): boolean {
  return one.endpoint === other.endpoint && keyOf(one) === keyOf(other);
}
