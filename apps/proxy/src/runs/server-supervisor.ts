import { durationInWords } from "@mcpproxy/core/format/duration-in-words";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import type { RunRecord, RunTrigger } from "@mcpproxy/core/run/run-record";
import type { EngineStatus, ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { AfterEnd, RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import { nextServerState, type ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import type { Session } from "../bridge/session.ts";
import { SharedConnection, type Connection } from "./connection.ts";
import type { Handshake } from "./handshake.ts";
import { IdleWatch } from "./idle-watch.ts";
import { launchRun } from "./launch-run.ts";
import type { LiveRun } from "./live-run.ts";
import { newIdentity } from "./new-identity.ts";
import { planRecordOf } from "./plan-record-of.ts";
import { policyIntent } from "./policy-intent.ts";
import { RestartLoop } from "./restart-loop.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { notRunnableError, runEndedError, ServerUnavailableError, type NotRunnable } from "./run-failure.ts";
import { createServerBridge } from "./server-bridge.ts";
import { serverRecordOf } from "./server-record-of.ts";
import { isSameSpec, type ServerSpec } from "./server-spec.ts";
import type { RunCallbacks, SessionRun } from "./session-run.ts";
import { SessionRuns } from "./session-runs.ts";
import { StartPermission } from "./start-permission.ts";
import { changeForRunning, type SpecChange } from "./spec-change.ts";

export type LastVerdict = NonNullable<ServerRecord["lastVerdict"]>;

/** Owns one configured server: its state, its runs, when it is tried again, and the bridge that outlives runs. */
export class ServerSupervisor {
  readonly bridge: Bridge;
  private readonly dependencies: RunDependencies;
  private readonly restarts: RestartLoop;
  private readonly idle: IdleWatch;
  private readonly permission: StartPermission;
  /** Sessions of the one run that all share. */
  private readonly shared = new Set<SharedConnection>();
  private readonly sessionRuns: SessionRuns;
  private spec: ServerSpec;
  private state: ServerState = "stopped";
  private live: LiveRun | undefined;
  private lastVerdict: LastVerdict | null;
  /** Grows with every command of a person, so that of two that meet the later one has the last word. */
  private commands = 0;
  private wantsEngine = false;
  /** From the decision to stop an idle run on, no call is sent to it any more. */
  private isGoingIdle = false;
  /** Kept between runs, so that the mark on the image does not come and go. */
  private imageBuiltFromHost: string | null = null;

  constructor(spec: ServerSpec, dependencies: RunDependencies, lastVerdict: LastVerdict | null) {
    this.spec = spec;
    this.dependencies = dependencies;
    this.lastVerdict = lastVerdict;
    this.bridge = createServerBridge({ server: spec.name, dependencies, live: () => this.live });
    this.restarts = new RestartLoop({
      clock: dependencies.clock,
      random: () => dependencies.random(),
      settings: () => this.spec.supervision.restart,
      onDue: () => this.tryAgain(),
    });
    this.permission = new StartPermission({
      server: spec.name,
      restarts: this.restarts,
      view: () => ({
        state: this.state,
        lastVerdict: this.lastVerdict,
        maxAttempts: this.spec.supervision.restart.maxAttempts,
      }),
    });
    this.idle = new IdleWatch({
      bridge: this.bridge,
      timeoutMs: () => this.spec.supervision.idleTimeoutMs,
      onIdle: (idleMs) => this.goIdle(idleMs),
    });
    this.sessionRuns = new SessionRuns({
      server: spec.name,
      dependencies,
      supervision: () => this.spec.supervision,
      admit: (trigger) => this.permission.obtain(trigger),
      launch: (trigger, callbacks) => this.launch(trigger, callbacks),
      onChange: () => this.publish(),
      onEnded: (run, end) => this.noteSessionRunEnd(run, end),
    });
    if (spec.plan.kind === "refused") this.transition("config-refused");
  }

  get name(): string {
    return this.spec.name;
  }

  get isReady(): boolean {
    return this.state === "ready" && !this.isEnding;
  }

  get isRetired(): boolean {
    return this.permission.retiredFor !== undefined;
  }

  /** Its run is on the way out, or has its verdict and is being cleaned up. */
  private get isEnding(): boolean {
    return this.live !== undefined && (this.state === "stopping" || this.isGoingIdle || this.live.hasVerdict);
  }

  private get isPerSession(): boolean {
    return this.spec.supervision.scope === "session";
  }

  /** Somebody would miss it: it is to run all the time, or a client is there. */
  private get isWanted(): boolean {
    if (this.isPerSession) return false;
    return this.spec.supervision.start === "eager" || this.bridge.sessionCount > 0 || this.permission.waitingCalls > 0;
  }

  record(): ServerRecord {
    const { newest } = this.sessionRuns;
    const live = newest?.live ?? this.live;
    const bridge = newest?.bridge ?? this.bridge;
    const hasRecovered = (live?.readyForMs ?? 0) >= this.spec.supervision.restart.stableAfterMs;
    return serverRecordOf({
      spec: this.spec,
      state: newest?.state ?? this.state,
      engine: this.engineStatus(),
      live,
      imageBuiltFromHost: live?.recorder.record.imageBuiltFromHost ?? this.imageBuiltFromHost,
      lastVerdict: this.lastVerdict,
      callsTotal: bridge.counters.callsTotal,
      callsInFlight: bridge.callsInFlight,
      sessions: bridge.sessionCount,
      runs: this.liveRuns().length,
      heldBy: this.permission.heldBy?.actor ?? null,
      nextTryAt: this.restarts.nextTryAt,
      failures: hasRecovered ? 0 : this.restarts.failures,
      redact: this.dependencies.redact,
    });
  }

  reportBug(error: unknown): void {
    this.dependencies.mainLog.error({ server: this.name, error }, "a message of a client could not be handled");
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
    if (this.isPerSession) return this.sessionRuns.connect(session, onOver);
    const connection = new SharedConnection(this, {
      session,
      onOver,
      onClosed: (closed) => this.shared.delete(closed),
    });
    this.shared.add(connection);
    return connection;
  }

  /** Resolves when the server is ready, starting it when it does not run. Rejects with ServerUnavailableError that says why not. */
  async ensureReady(trigger: RunTrigger): Promise<Handshake> {
    if (this.isPerSession) return await this.sessionRuns.tryOne(trigger);
    if (this.isReady && this.live?.handshake !== undefined) return this.live.handshake;
    this.permission.check(trigger);
    if (this.isEnding) await this.live?.ended;
    await this.permission.obtain(trigger);
    const live = this.live ?? this.start(trigger);
    const readiness = await live.ready;
    if (readiness.kind === "ready") return readiness.handshake;
    throw new ServerUnavailableError(
      runEndedError({ server: this.name, runId: live.recorder.record.id, verdict: readiness.verdict }),
    );
  }

  /** MCPProxy starts: so does every server that is not lazy. */
  startWithProxy(trigger: RunTrigger): void {
    if (this.spec.supervision.start === "eager") this.startEagerly(trigger);
  }

  /** Starts without waiting; quiet when it cannot: the state says why. */
  startEagerly(trigger: RunTrigger): void {
    if (this.live !== undefined || this.isPerSession || this.spec.plan.kind === "refused") return;
    if (this.permission.heldBy !== undefined || this.isRetired) return;
    if (this.needsEngine()) {
      this.wantsEngine = true;
      this.transition("engine-lost");
      return;
    }
    this.start(trigger);
  }

  /** A person starts it: also ends an earlier person's stop, and whatever it waits for. Throws ServerUnavailableError when it may not run. */
  startByUser(): void {
    this.permission.heldBy = undefined;
    this.commands += 1;
    this.restarts.forget();
    this.permission.check("user");
    // Each of its sessions starts a run of its own.
    if (this.isPerSession) this.transition("wait-ended");
    else if (this.live === undefined) this.start("user");
    else if (this.isEnding) void this.startAfter(this.live, this.commands);
  }

  async stopByUser(intent: StopIntent): Promise<void> {
    this.commands += 1;
    this.permission.heldBy = intent;
    this.wantsEngine = false;
    await this.stopRuns(intent);
    if (this.permission.heldBy === undefined) return;
    this.restarts.forget();
    this.transition("wait-ended");
    this.publish();
  }

  async restart(intent: StopIntent): Promise<void> {
    this.commands += 1;
    const command = this.commands;
    await this.stopRuns(intent);
    if (command === this.commands) this.startByUser();
  }

  /** Stops it for good; whoever calls from now on is told this reason. */
  async retire(reason: NotRunnable, intent: StopIntent): Promise<void> {
    this.permission.retiredFor = reason;
    this.wantsEngine = false;
    this.restarts.forget();
    await this.stopRuns(intent);
  }

  /** Takes a new config: a run that it concerns is stopped with the reason and started anew. */
  async replaceSpec(spec: ServerSpec, intentOf: (change: SpecChange) => StopIntent): Promise<void> {
    if (isSameSpec(this.spec, spec)) return;
    const change = changeForRunning(this.spec, spec);
    // One that failed and was not started since may have been waiting for exactly this change.
    const hasFailed = this.live === undefined && this.restarts.failures > 0;
    const { start, scope } = this.spec.supervision;
    if (change === undefined && !hasFailed) {
      this.spec = spec;
      this.watchIdle();
      if (start === "lazy") this.startWithProxy("config");
      this.publish();
      return;
    }
    const wasWaiting = hasFailed || this.wantsEngine || this.spec.plan.kind === "refused";
    // At once: a call that waits for the end of this run must not start the next one from the old config.
    this.spec = spec;
    this.permission.heldBy = undefined;
    this.restarts.forget();
    const startsAnew = this.live !== undefined || (this.isWanted && (wasWaiting || scope === "session"));
    if (change !== undefined) await this.stopRuns(intentOf(change));
    if (this.isPerSession) for (const connection of this.shared) connection.end();
    this.transition(spec.plan.kind === "refused" ? "config-refused" : "config-accepted");
    if (startsAnew) this.startEagerly("config");
    this.publish();
  }

  /** Its engine came or went, or is another one from now on: a live run stays where it is. */
  engineChanged(): void {
    if (this.state !== "engine_unavailable") return;
    if (this.needsEngine()) return this.publish();
    this.transition("engine-found");
    if (this.wantsEngine) this.startEagerly("eager");
  }

  private async startAfter(ending: LiveRun, command: number): Promise<void> {
    await ending.ended;
    if (command === this.commands) this.startEagerly("user");
  }

  private start(trigger: RunTrigger): LiveRun {
    const live = this.launch(trigger, {
      bridge: this.bridge,
      onEvent: (event) => this.noteEvent(event),
      onEnded: (end) => this.noteEnd(end),
      onChange: () => this.publish(),
    });
    this.live = live;
    this.restarts.cancel();
    return live;
  }

  private launch(trigger: RunTrigger, callbacks: RunCallbacks): LiveRun {
    const { plan } = this.spec;
    if (plan.kind === "refused") throw new ServerUnavailableError(notRunnableError(this.name, plan.refusal));
    const { failures } = this.restarts;
    const decision = {
      trigger,
      restartOf: failures > 0 ? (this.lastVerdict?.runId ?? null) : null,
      attempt: failures + 1,
    };
    const live = this.needsEngine()
      ? undefined
      : launchRun({ ...callbacks, spec: this.spec, plan, decision }, this.dependencies);
    if (live === undefined) throw this.waitForEngine();
    this.wantsEngine = false;
    return live;
  }

  private waitForEngine(): ServerUnavailableError {
    this.wantsEngine = true;
    this.transition("engine-lost");
    const { problem } = this.record();
    const unknown = { code: "engine_unavailable", message: "Docker is not reachable.", remedy: "" };
    return new ServerUnavailableError(notRunnableError(this.name, problem ?? unknown));
  }

  private needsEngine(): boolean {
    return this.engineStatus()?.state === "unavailable";
  }

  /** Of the engine that the next run would go to; undefined for a server without a container. */
  private engineStatus(): EngineStatus | undefined {
    const { plan } = this.spec;
    return plan.kind === "isolated" ? this.dependencies.engines.choice(plan.plan.engine).status : undefined;
  }

  private noteEvent(event: ServerEvent): void {
    if (event === "initialized") this.idle.start();
    this.transition(event);
  }

  private noteEnd(end: RunEnd): void {
    const { live } = this;
    this.idle.stop();
    this.live = undefined;
    this.isGoingIdle = false;
    this.keepFacts(live);
    const next = this.restarts.noteEnd(end);
    this.transition(eventAfter(next));
    if (next.kind === "retry") this.waitOrRest(next);
  }

  private keepFacts(ended: LiveRun | undefined): void {
    const record = ended?.recorder.record;
    this.imageBuiltFromHost = record?.imageBuiltFromHost ?? null;
    if (record?.verdict == null || record.endedAt === null) return;
    this.lastVerdict = { runId: record.id, endedAt: record.endedAt, verdict: record.verdict };
  }

  /** A try is planned; but without its engine it waits for that, and one that nobody wants waits for a call. */
  private waitOrRest({ isCrashLoop }: AfterEnd & { kind: "retry" }): void {
    if (this.needsEngine()) {
      this.wantsEngine = this.isWanted;
      this.restarts.cancel();
      this.transition("engine-lost");
    } else if (!isCrashLoop && !this.isWanted) {
      this.restarts.cancel();
      this.transition("wait-ended");
    }
  }

  private tryAgain(): void {
    if (this.isWanted) this.startEagerly("restart");
    else this.transition("wait-ended");
  }

  private goIdle(idleMs: number): void {
    if (this.live === undefined || this.isEnding) return;
    this.isGoingIdle = true;
    const { clock } = this.dependencies;
    void this.live.stop(policyIntent(clock, { policy: "idle", detail: durationInWords(idleMs) }));
  }

  /** The client begins anew by itself; what is left is to hold back a server that keeps failing. */
  private noteSessionRunEnd(run: SessionRun, end: RunEnd): void {
    this.keepFacts(run.live);
    const next = this.restarts.noteEnd(end);
    this.state = nextServerState(run.state, eventAfter(next)) ?? this.state;
    if (next.kind === "retry") this.waitOrRest(next);
    if (next.kind === "idle") this.transition("wait-ended");
    this.publish();
  }

  private liveRuns(): readonly LiveRun[] {
    return this.live === undefined ? this.sessionRuns.live : [...this.sessionRuns.live, this.live];
  }

  private async stopRuns(intent: StopIntent): Promise<void> {
    await Promise.all([this.live?.stop(intent), this.sessionRuns.stopAll(intent)]);
  }

  private watchIdle(): void {
    if (this.state === "ready") this.idle.start();
    this.sessionRuns.watchIdle();
  }

  private transition(event: ServerEvent): void {
    const next = nextServerState(this.state, event);
    if (next === undefined) {
      this.dependencies.mainLog.debug({ server: this.name, state: this.state, event }, "event without a transition");
      return;
    }
    this.state = next;
    this.publish();
  }

  private publish(): void {
    this.dependencies.feed.publish({ kind: "server", server: this.record() });
  }
}

function eventAfter(next: AfterEnd): ServerEvent {
  switch (next.kind) {
    case "rest":
      return "ended";
    case "idle":
      return "ended-idle";
    case "retry":
      return next.isCrashLoop ? "failed-repeatedly" : "failed";
    case "park":
      return "given-up";
    default:
      return next satisfies never;
  }
}
