import { configSnapshotOf } from "@mcpproxy/core/run/config-snapshot";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import type { RunRecord, RunTrigger } from "@mcpproxy/core/run/run-record";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import type { ToolFilter } from "@mcpproxy/core/tools/tool-filter";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import type { Session } from "../bridge/session.ts";
import { AfterRun } from "./after-run.ts";
import { beginRun } from "./begin-run.ts";
import { SharedConnection, type Connection } from "./connection.ts";
import { filteredConnection } from "./filtered-connection.ts";
import type { Handshake } from "./handshake.ts";
import type { LiveRun } from "./live-run.ts";
import type { RoomUser } from "./make-room.ts";
import { newIdentity } from "./new-identity.ts";
import { planRecordOf } from "./plan-record-of.ts";
import { readyRun } from "./ready-run.ts";
import { isRoomWanted } from "./room-use.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import type { NotRunnable } from "./run-failure.ts";
import { createServerParts, type FormerServer, type ServerParts } from "./server-parts.ts";
import { serverRecordOf } from "./server-record-of.ts";
import { isSameSpec, type ServerSpec } from "./server-spec.ts";
import { SessionRuns } from "./session-runs.ts";
import { SharedRun } from "./shared-run.ts";
import type { SpecChange } from "./spec-change.ts";
import { reactionTo } from "./spec-reaction.ts";
import { UserCommands, type UserCommandsOptions } from "./user-commands.ts";

/** Owns one configured server: its state, its runs, when it is tried again, and the bridge that outlives runs. */
export class ServerSupervisor implements RoomUser {
  private readonly dependencies: RunDependencies;
  private readonly parts: ServerParts;
  private readonly afterRun: AfterRun;
  private readonly commands: UserCommands;
  private readonly shared: SharedRun;
  private readonly sharedConnections = new Set<SharedConnection>();
  private readonly sessionRuns: SessionRuns;
  private spec: ServerSpec;
  /** Names of its tools, as far as it has told them. */
  private knownTools: readonly string[] | undefined;

  constructor(spec: ServerSpec, dependencies: RunDependencies, former: FormerServer) {
    this.spec = spec;
    this.dependencies = dependencies;
    this.parts = createServerParts({
      server: spec.name,
      dependencies,
      former,
      spec: () => this.spec,
      onChange: () => this.publish(),
      onDue: () => this.afterRun.tryAgain(),
    });
    this.afterRun = new AfterRun({
      parts: this.parts,
      isWanted: () => this.isWanted,
      startEagerly: (trigger) => this.startEagerly(trigger),
    });
    this.shared = new SharedRun({
      parts: this.parts,
      onChange: () => this.publish(),
      onEnded: (ended, end) => this.afterRun.noteEnd(ended, end),
    });
    this.sessionRuns = this.createSessionRuns();
    this.commands = this.createCommands();
    if (spec.plan.kind === "refused") this.parts.condition.note("config-refused");
  }

  get name(): string {
    return this.spec.name;
  }

  get bridge(): Bridge {
    return this.shared.bridge;
  }

  get isReady(): boolean {
    return this.shared.isReady;
  }

  get isRetired(): boolean {
    return this.parts.permission.retiredFor !== undefined;
  }

  get isEnabled(): boolean {
    return this.spec.isEnabled;
  }

  get scope(): "shared" | "session" {
    return this.spec.supervision.scope;
  }

  get toolFilter(): ToolFilter | undefined {
    return this.spec.tools;
  }

  private get isPerSession(): boolean {
    return this.spec.supervision.scope === "session";
  }

  /** Somebody would miss it: it is to run all the time, or a client is there. */
  private get isWanted(): boolean {
    if (this.isPerSession) return false;
    return (
      this.spec.supervision.start === "eager" || this.bridge.sessionCount > 0 || this.parts.permission.waitingCalls > 0
    );
  }

  /** How many of its starts wait for a free place, with somebody waiting for them. */
  get wantedRooms(): number {
    const sessionsOf = (live: LiveRun): number => (live === this.shared.live ? this.bridge.sessionCount : 1);
    return this.liveRuns().filter((live) => isRoomWanted(live, sessionsOf(live))).length;
  }

  get unusedForMs(): number | undefined {
    return this.shared.unusedForMs;
  }

  get isMakingRoom(): boolean {
    return this.shared.isMakingRoom;
  }

  makeRoom(): void {
    this.shared.makeRoom();
  }

  record(): ServerRecord {
    const { newest } = this.sessionRuns;
    const live = newest?.live ?? this.shared.live;
    const bridge = newest?.bridge ?? this.bridge;
    const { condition, engine, last, permission, restarts } = this.parts;
    const hasRecovered = (live?.readyForMs ?? 0) >= this.spec.supervision.restart.stableAfterMs;
    return serverRecordOf({
      spec: this.spec,
      knownTools: this.knownTools,
      state: newest?.state ?? condition.state,
      engine: engine.status,
      live,
      imageBuiltFromHost: live?.recorder.record.imageBuiltFromHost ?? last.imageBuiltFromHost,
      lastVerdict: last.verdict,
      callsTotal: bridge.counters.callsTotal,
      callsInFlight: bridge.callsInFlight,
      sessions: bridge.sessionCount,
      runs: this.liveRuns().length,
      heldBy: permission.heldBy?.actor ?? null,
      nextTryAt: restarts.nextTryAt,
      room: { containers: this.dependencies.room.inUse, maxContainers: this.dependencies.room.limit },
      failures: hasRecovered ? 0 : restarts.failures,
      redact: this.dependencies.redact,
    });
  }

  /** The server has told which tools it has: patterns of its filter can be checked. */
  noteTools(tools: readonly string[]): void {
    this.knownTools = tools;
    if (this.toolFilter !== undefined) this.publish();
  }

  /** What it said of itself when it last ran with this configuration. */
  rememberedHandshake(): Handshake | undefined {
    const { plan } = this.spec;
    if (plan.kind === "refused") return undefined;
    return this.dependencies.handshakes.recall(
      configSnapshotOf({ server: this.name, plan, ...this.dependencies }).hash,
    );
  }

  reportBug(error: unknown): void {
    this.dependencies.mainLog.error({ server: this.name, error }, "a message of a client could not be handled");
  }

  noteLimitExceeded(reason: string): void {
    const live = this.sessionRuns.newest?.live ?? this.shared.live;
    live?.recorder.event("limit-exceeded", reason);
  }

  /** What MCPProxy makes of its configuration. */
  planRecord(): PlanRecord {
    return planRecordOf(this.spec, {
      identity: newIdentity(this.name, this.dependencies),
      redact: this.dependencies.redact,
    });
  }

  /** The live run of this id. */
  liveRun(runId: string): RunRecord | undefined {
    return this.liveRuns()
      .find((live) => live.recorder.record.id === runId)
      ?.snapshot();
  }

  /** Opens a session's line to the server; nothing is started. `onOver` tells when the server ends the session. */
  connect(session: Session, onOver: () => void): Connection {
    const connection = this.open(session, onOver);
    return filteredConnection(connection, { server: this.name, filter: () => this.toolFilter });
  }

  private open(session: Session, onOver: () => void): Connection {
    if (this.isPerSession) return this.sessionRuns.connect(session, onOver);
    const connection = new SharedConnection(this, {
      session,
      onOver,
      onClosed: (closed) => this.sharedConnections.delete(closed),
    });
    this.sharedConnections.add(connection);
    return connection;
  }

  /** Resolves when the server is ready, starting it when it does not run. Rejects with ServerUnavailableError that says why not. */
  async ensureReady(trigger: RunTrigger): Promise<Handshake> {
    if (this.isPerSession) return await this.sessionRuns.tryOne(trigger);
    const { shared, parts } = this;
    if (shared.isReady && shared.live?.handshake !== undefined) return shared.live.handshake;
    parts.permission.check(trigger);
    // What became of it is known when its engine is back, and nobody knows when that is.
    if (shared.live?.cutOff.isEngineAway === true) throw parts.engine.begin();
    if (shared.isEnding) await shared.live?.ended;
    await parts.permission.obtain(trigger);
    const live = shared.live ?? shared.start(trigger);
    try {
      return await readyRun({ server: this.name, live, maxContainers: this.dependencies.room.limit });
    } catch (error) {
      if (!live.hasEndedOnProbe) throw error;
      await live.ended;
      return await this.ensureReady(trigger);
    }
  }

  /** MCPProxy starts: so does every server that is not lazy. */
  startWithProxy(trigger: RunTrigger): void {
    if (this.spec.supervision.start === "eager" && this.parts.condition.state !== "parked") this.startEagerly(trigger);
  }

  /** Starts without waiting; quiet when it cannot: the state says why. */
  startEagerly(trigger: RunTrigger): void {
    const { permission, engine, condition } = this.parts;
    if (this.shared.live !== undefined || this.isPerSession || this.spec.plan.kind === "refused") return;
    if (permission.heldBy !== undefined || this.isRetired) return;
    if (engine.isAway) {
      engine.isAwaited = true;
      condition.note("engine-lost");
      return;
    }
    this.shared.start(trigger);
  }

  /** A person starts it. Throws ServerUnavailableError when it may not run. */
  startByUser(): void {
    this.commands.start();
  }

  async stopByUser(intent: StopIntent): Promise<void> {
    await this.commands.stop(intent);
    this.publish();
  }

  async restart(intent: StopIntent): Promise<void> {
    await this.commands.restart(intent);
  }

  /** Stops it for good; whoever calls from now on is told this reason. */
  async retire(reason: NotRunnable, intent: StopIntent): Promise<void> {
    const { permission, engine, restarts } = this.parts;
    permission.retiredFor = reason;
    engine.isAwaited = false;
    restarts.forget();
    await this.stopRuns(intent);
  }

  /** Takes a new config: a run that it concerns is stopped with the reason and started anew. */
  async replaceSpec(spec: ServerSpec, intentOf: (change: SpecChange) => StopIntent): Promise<void> {
    if (isSameSpec(this.spec, spec)) return;
    const { engine, restarts, holds } = this.parts;
    const hasRun = this.shared.live !== undefined;
    const standing = { hasRun, hasFailed: restarts.failures > 0, waitsForEngine: engine.isAwaited };
    const reaction = reactionTo({ before: this.spec, after: spec, standing });
    // At once: a call that waits for the end of this run must not start the next one from the old config.
    this.spec = spec;
    if (reaction.kind === "renew") {
      const startsAnew = hasRun || (this.isWanted && reaction.startsWhenWanted);
      await this.renew(reaction.change && intentOf(reaction.change));
      if (startsAnew) this.startEagerly("config");
    } else {
      holds.followConfig();
      this.watchIdle();
      if (reaction.startsWhenEager) this.startWithProxy("config");
    }
    this.publish();
  }

  /** Its engine came or went, or is another one from now on: a live run stays where it is. */
  engineChanged(): void {
    const { condition, engine } = this.parts;
    if (condition.state !== "engine_unavailable") return;
    // The end of a run that was cut off says how it goes on.
    if (engine.isAway || this.shared.live !== undefined) return this.publish();
    condition.note("engine-found");
    if (engine.isAwaited) this.startEagerly("eager");
  }

  /** It left the config: what was to keep it down is void. */
  forgetHold(): void {
    this.parts.holds.release();
  }

  private createSessionRuns(): SessionRuns {
    const { parts, dependencies } = this;
    return new SessionRuns({
      server: this.name,
      dependencies,
      supervision: () => this.spec.supervision,
      admit: (trigger) => parts.permission.obtain(trigger),
      launch: (trigger, callbacks) => beginRun({ parts, trigger, callbacks }),
      onChange: () => this.publish(),
      onEnded: (run, end) => {
        this.afterRun.noteSessionEnd(run, end);
        this.publish();
      },
    });
  }

  private createCommands(): UserCommands {
    return new UserCommands({
      parts: this.parts,
      situation: () => this.situation(),
      start: (trigger) => void this.shared.start(trigger),
      startEagerly: (trigger) => this.startEagerly(trigger),
      stopRuns: (intent) => this.stopRuns(intent),
    });
  }

  private situation(): ReturnType<UserCommandsOptions["situation"]> {
    const { live, isEnding } = this.shared;
    if (this.isPerSession) return "per-session";
    if (live === undefined) return "no-run";
    return isEnding ? { ending: live } : "runs";
  }

  /** A new configuration: what held it down or made it wait is void, and a run that it concerns is stopped. */
  private async renew(intent: StopIntent | undefined): Promise<void> {
    const { permission, holds, restarts, condition } = this.parts;
    permission.heldBy = undefined;
    holds.release();
    restarts.forget();
    if (intent !== undefined) await this.stopRuns(intent);
    if (this.isPerSession) for (const connection of this.sharedConnections) connection.end();
    condition.note(this.spec.plan.kind === "refused" ? "config-refused" : "config-accepted");
  }

  private liveRuns(): readonly LiveRun[] {
    const { live } = this.shared;
    return live === undefined ? this.sessionRuns.live : [...this.sessionRuns.live, live];
  }

  private async stopRuns(intent: StopIntent): Promise<void> {
    await Promise.all([this.shared.stop(intent), this.sessionRuns.stopAll(intent)]);
  }

  private watchIdle(): void {
    this.shared.watchIdle();
    this.sessionRuns.watchIdle();
  }

  private publish(): void {
    this.dependencies.feed.publish({ kind: "server", server: this.record() });
  }
}
