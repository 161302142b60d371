import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { RunEngine } from "@mcpproxy/core/run/run-record";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { endsWithin } from "../../waiting/deadline.ts";
import { EngineError, type ContainerEngine } from "../engine.ts";
import type { EngineChoice, EngineLease, EngineSet, EngineSetChange, EngineUse } from "../engine-set.ts";
import { ContextChecks } from "./context-checks.ts";
import { contextRecords } from "./context-records.ts";
import { nameBeforehand } from "./docker-connector.ts";
import { listDockerContexts, type DockerContext } from "./docker-contexts.ts";
import { resolveSelection, type DockerEndpoint, type DockerEnvironment } from "./docker-endpoint.ts";
import { endpointIdentity } from "./endpoint-identity.ts";
import { lookUpEngine } from "./look-up-engine.ts";
import { EnginePool, isSameConnection, type PooledEngine } from "./engine-pool.ts";
import { unavailableStatus } from "./probe-engine.ts";
import { watchDockerConfig } from "./watch-docker-config.ts";
import { systemSockets, type SocketProbe } from "./well-known-sockets.ts";

/** A new engine is asked this long before runs are sent to it; most answer within 50 ms. */
const firstAnswerMs = 1_000;

export interface DockerEngineSetRequest {
  readonly environment: DockerEnvironment;
  /** Whose containers the engines watch. */
  readonly instanceId: string;
  /** What Docker's credential helpers get; nothing is pulled from a private registry without. */
  readonly helperEnvironment?: Readonly<Record<string, string>>;
  /** Takes lines about pulls. */
  writeLog?(line: string): void;
}

/** Where a selection leads: an engine, or the reason why to none. */
type Slot = { readonly selection: EngineSelection } & (
  | { readonly kind: "found"; readonly endpoint: DockerEndpoint; readonly pooled: PooledEngine }
  | { readonly kind: "failed"; readonly status: EngineStatus; readonly reason: string }
);

/** The Docker engines that servers run on. */
export class DockerEngineSet implements EngineSet {
  private readonly environment: DockerEnvironment;
  private readonly pool: EnginePool;
  private readonly checks: ContextChecks;
  private readonly sockets: SocketProbe;
  private readonly slots = new Map<string, Slot>();
  private readonly listeners = new Set<(change: EngineSetChange) => void>();
  private wanted: EngineUse = { fallback: { kind: "default" }, servers: new Map() };
  private stored: readonly DockerContext[] = [];
  private work: Promise<void> = Promise.resolve();
  private isRechecking = false;
  private stopWatching: (() => void) | undefined;

  constructor({ environment, instanceId, helperEnvironment = {}, writeLog }: DockerEngineSetRequest) {
    this.environment = environment;
    this.checks = new ContextChecks(environment);
    this.pool = new EnginePool({
      environment,
      instanceId,
      helperEnvironment,
      writeLog: (line) => writeLog?.(line),
      isWanted: (pooled) => [...this.slots.values()].some((slot) => slot.kind === "found" && slot.pooled === pooled),
      onStatusChange: (engine, status) => this.emit({ kind: "engine-changed", engine, status }),
      onEventsMissed: ({ status }, gap) => this.emit({ kind: "events-missed", status, gap }),
      onUnwatchedStart: (engine) => this.emit({ kind: "unwatched-start", engine }),
    });
    // An engine that we are connected to need not be asked again every few seconds.
    this.sockets = {
      isThere: systemSockets.isThere,
      answers: async (path) => this.isConnectedTo(`unix://${path}`) || (await systemSockets.answers(path)),
    };
  }

  get fallback(): EngineChoice {
    return this.choice(this.wanted.fallback);
  }

  use(wanted: EngineUse): Promise<void> {
    this.stopWatching ??= watchDockerConfig(this.environment.dockerConfigDir, () => this.recheckSoon());
    return this.enqueue(async () => {
      const selections = [wanted.fallback, ...wanted.servers.values()];
      const byKey = new Map(selections.map((selection) => [slotKey(selection), selection]));
      await Promise.all([...byKey.values()].map((selection) => this.settle(selection)));
      this.wanted = wanted;
      for (const key of this.slots.keys()) if (!byKey.has(key)) this.slots.delete(key);
      this.pool.closeUnused();
      this.stored = await listDockerContexts(this.environment.dockerConfigDir);
    });
  }

  choice(selection: EngineSelection): EngineChoice {
    const slot = this.slots.get(slotKey(selection));
    if (slot === undefined) return { selection, reason: "", status: this.notLookedUp(selection), engine: undefined };
    if (slot.kind === "failed") return { selection, reason: slot.reason, status: slot.status, engine: undefined };
    const { engine } = slot.pooled;
    const { context, endpoint, reason } = slot.endpoint;
    return { selection, reason, status: { ...engine.status, context, endpoint }, engine };
  }

  list(): readonly ContainerEngine[] {
    return this.pool.engines.map(({ engine }) => engine);
  }

  lease(selection: EngineSelection, server: string): EngineLease | undefined {
    const slot = this.slots.get(slotKey(selection));
    if (slot?.kind !== "found") return undefined;
    const { pooled, endpoint } = slot;
    return { engine: pooled.engine, place: placeOf(endpoint), release: this.pool.hold(pooled, server) };
  }

  async leaseFormer(place: RunEngine): Promise<EngineLease | undefined> {
    const endpoint = await this.findFormer(place);
    if (endpoint === undefined) return undefined;
    const { pooled, release } = this.pool.obtain(endpoint);
    await pooled.engine.probe();
    return { engine: pooled.engine, place, release };
  }

  isPlaceOf(engine: ContainerEngine, place: RunEngine | null): boolean {
    if (place === null) return engine === this.fallback.engine;
    return endpointIdentity(engine.status.endpoint) === endpointIdentity(place.endpoint);
  }

  onChange(listener: (change: EngineSetChange) => void): void {
    this.listeners.add(listener);
  }

  contexts(): readonly DockerContextRecord[] {
    return contextRecords({
      stored: this.stored,
      environmentHost: this.environment.dockerHost,
      choices: [...this.slots.values()].map((slot) => ({
        choice: this.choice(slot.selection),
        servers: this.serversAt(slot),
        isFallback: slotKey(slot.selection) === slotKey(this.wanted.fallback),
      })),
      held: this.heldElsewhere(),
    });
  }

  async checkContexts(): Promise<readonly DockerContextRecord[]> {
    await this.enqueue(() => this.recheck());
    return await Promise.all(this.contexts().map((record) => this.checks.check(record)));
  }

  async close(): Promise<void> {
    this.stopWatching?.();
    this.listeners.clear();
    await this.work;
    this.slots.clear();
    await this.pool.closeAll();
  }

  /** Looks where the selection leads now; what changed takes effect for the next run. */
  private async settle(selection: EngineSelection): Promise<void> {
    const key = slotKey(selection);
    const before = this.slots.get(key);
    const { environment, sockets } = this;
    const found = await lookUpEngine({ selection, environment, sockets });
    if (found.kind === "failed") {
      const isNews = before?.kind !== "failed" || before.status.problem?.message !== found.status.problem?.message;
      if (isNews) this.place(key, { selection, ...found });
    } else if (before?.kind === "found" && isSameConnection(before.endpoint, found.endpoint)) {
      this.slots.set(key, { ...before, ...found });
    } else {
      const { pooled, release } = this.pool.obtain(found.endpoint);
      await endsWithin(pooled.engine.probe(), firstAnswerMs);
      this.place(key, { selection, ...found, pooled });
      release();
    }
  }

  private place(key: string, slot: Slot): void {
    const isMove = this.slots.has(key);
    this.slots.set(key, slot);
    this.pool.closeUnused();
    if (!isMove) return;
    const isFallback = key === slotKey(this.wanted.fallback);
    this.emit({ kind: "choice-changed", choice: this.choice(slot.selection), isFallback });
  }

  private async recheck(): Promise<void> {
    await Promise.all([...this.slots.values()].map(({ selection }) => this.settle(selection)));
    this.stored = await listDockerContexts(this.environment.dockerConfigDir);
  }

  private recheckSoon(): void {
    if (this.isRechecking) return;
    this.isRechecking = true;
    void this.enqueue(() => {
      this.isRechecking = false;
      return this.recheck();
    });
  }

  /** One at a time, so that the newest answer is what stays. */
  private enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.work.then(task);
    this.work = done.catch(() => undefined);
    return done;
  }

  private emit(change: EngineSetChange): void {
    for (const listener of this.listeners) listener(change);
  }

  private isConnectedTo(endpoint: string): boolean {
    return this.pool.engines.some(
      (pooled) => pooled.endpoint.endpoint === endpoint && pooled.engine.status.state === "available",
    );
  }

  private notLookedUp(selection: EngineSelection): EngineStatus {
    const error = new EngineError("Docker was not looked for yet.", { stage: "engine" });
    return unavailableStatus(nameBeforehand(this.environment, selection), error);
  }

  /** A context may have other TLS files than its bare address, so its name goes first. */
  private async findFormer({ context, endpoint }: RunEngine): Promise<DockerEndpoint | undefined> {
    const identity = endpointIdentity(endpoint);
    const open = this.pool.engines.find((pooled) => endpointIdentity(pooled.endpoint.endpoint) === identity);
    if (open !== undefined) return open.endpoint;
    for (const selection of [{ kind: "context", name: context } as const, { kind: "host", host: endpoint } as const]) {
      const found = await resolveSelection(selection, this.environment, this.sockets).catch(() => undefined);
      if (found !== undefined && endpointIdentity(found.endpoint) === identity) return { ...found, context };
    }
    return undefined;
  }

  /** Servers that would start there, without those that still run elsewhere. */
  private serversAt(slot: Slot): readonly string[] {
    const key = slotKey(slot.selection);
    const elsewhere = new Set(this.pool.holds.filter(({ pooled }) => !isAt(slot, pooled)).map(({ server }) => server));
    return [...this.wanted.servers].flatMap(([server, selection]) =>
      slotKey(selection) === key && !elsewhere.has(server) ? [server] : [],
    );
  }

  private heldElsewhere(): readonly { status: EngineStatus; servers: readonly string[] }[] {
    return this.pool.engines.flatMap((pooled) => {
      const servers = this.pool.holds.flatMap(({ server, pooled: its }) =>
        server !== undefined && its === pooled && !this.leadsTo(server, pooled) ? [server] : [],
      );
      return servers.length === 0 ? [] : [{ status: pooled.engine.status, servers }];
    });
  }

  private leadsTo(server: string, pooled: PooledEngine): boolean {
    const selection = this.wanted.servers.get(server);
    const slot = selection === undefined ? undefined : this.slots.get(slotKey(selection));
    return slot !== undefined && isAt(slot, pooled);
  }
}

function placeOf({ context, endpoint }: DockerEndpoint): RunEngine {
  return { context, endpoint };
}

function isAt(slot: Slot, pooled: PooledEngine): boolean {
  return slot.kind === "found" && slot.pooled === pooled;
}

function slotKey(selection: EngineSelection): string {
  switch (selection.kind) {
    case "default":
      return "default";
    case "context":
      return `context ${selection.name}`;
    case "host":
      return `host ${selection.host}`;
    default:
      return selection satisfies never;
  }
}
