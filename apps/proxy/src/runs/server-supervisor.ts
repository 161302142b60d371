import { containerName } from "@mcpproxy/core/docker/container-name";
import type { PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import type { RunRecord, RunTrigger } from "@mcpproxy/core/run/run-record";
import type { EngineStatus, ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { Bridge } from "../bridge/bridge.ts";
import { engineSelectionOf } from "./engine-use.ts";
import type { RunnablePlan } from "./first-record.ts";
import type { Handshake } from "./handshake.ts";
import { LiveRun } from "./live-run.ts";
import { planRecordOf } from "./plan-record-of.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { notRunnableError, runEndedError, ServerUnavailableError, type NotRunnable } from "./run-failure.ts";
import { nextServerState, type ServerEvent } from "./server-machine.ts";
import { serverRecordOf } from "./server-record-of.ts";
import { isSameSpec, type ServerSpec } from "./server-spec.ts";
import { changeForRunning, type SpecChange } from "./spec-change.ts";

type RunnableResult = Exclude<PlanResult, { kind: "refused" }>;
export type LastVerdict = NonNullable<ServerRecord["lastVerdict"]>;

/** Owns one configured server: its state, its one live run, and the bridge that outlives runs. */
export class ServerSupervisor {
  readonly bridge: Bridge;
  handshake: Handshake | undefined;
  private readonly dependencies: RunDependencies;
  private spec: ServerSpec;
  private state: ServerState = "stopped";
  private live: LiveRun | undefined;
  private lastVerdict: LastVerdict | null;
  /** A person stopped it: only a person (or a changed config) starts it again. */
  private heldBy: StopIntent | undefined;
  /** It left the config, or MCPProxy stops: nothing starts it again. */
  private retiredFor: NotRunnable | undefined;
  /** Grows with every command of a person, so that of two that meet the later one has the last word. */
  private commands = 0;
  private wantsEngine = false;
  private failuresInARow = 0;
  /** Kept between runs, so that the mark on the image does not come and go. */
  private imageBuiltFromHost: string | null = null;

  constructor(spec: ServerSpec, dependencies: RunDependencies, lastVerdict: LastVerdict | null) {
    this.spec = spec;
    this.dependencies = dependencies;
    this.lastVerdict = lastVerdict;
    this.bridge = new Bridge({
      server: spec.name,
      now: () => dependencies.clock.now(),
      onNoise: (line) => this.noteNoise(line),
      onRequestRefused: (_method, reason) => this.live?.recorder.event("request-refused", reason),
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
    return this.retiredFor !== undefined;
  }

  /** Its run is on the way out, or has its verdict and is being cleaned up. */
  private get isEnding(): boolean {
    return this.live !== undefined && (this.state === "stopping" || this.live.hasVerdict);
  }

  record(): ServerRecord {
    return serverRecordOf({
      spec: this.spec,
      state: this.state,
      engine: this.engineStatus(),
      live: this.live,
      imageBuiltFromHost: this.live?.recorder.record.imageBuiltFromHost ?? this.imageBuiltFromHost,
      lastVerdict: this.lastVerdict,
      callsTotal: this.bridge.counters.callsTotal,
      callsInFlight: this.bridge.callsInFlight,
      sessions: this.bridge.sessionCount,
      redact: this.dependencies.redact,
    });
  }

  reportBug(error: unknown): void {
    this.dependencies.mainLog.error({ server: this.name, error }, "a message of a client could not be handled");
  }

  /** What MCPProxy makes of its configuration. */
  planRecord(): PlanRecord {
    const { instanceId, newRunId, newContainerSuffix, clock, redact } = this.dependencies;
    const identity = {
      name: containerName(this.name, newContainerSuffix()),
      instanceId,
      runId: newRunId(),
      createdAt: clock.timestamp(),
    };
    return planRecordOf(this.spec, { identity, redact });
  }

  /** The live run, if it is the one of this id. */
  liveRun(runId: string): RunRecord | undefined {
    const snapshot = this.live?.snapshot();
    return snapshot?.id === runId ? snapshot : undefined;
  }

  /** Resolves when the server is ready, starting it when it does not run. Rejects with ServerUnavailableError that says why not. */
  async ensureReady(trigger: RunTrigger): Promise<Handshake> {
    if (this.isReady && this.handshake !== undefined) return this.handshake;
    this.checkMayStart();
    if (this.isEnding) {
      await this.live?.ended;
      // While this call waited, a person may have stopped the server, or its config may have gone.
      this.checkMayStart();
    }
    const live = this.live ?? this.start(trigger);
    const readiness = await live.ready;
    if (readiness.kind === "ready") return readiness.handshake;
    throw new ServerUnavailableError(
      runEndedError({ server: this.name, runId: live.recorder.record.id, verdict: readiness.verdict }),
    );
  }

  /** Starts without waiting; quiet when it cannot: the state says why. */
  startEagerly(trigger: RunTrigger): void {
    if (this.live !== undefined || this.spec.plan.kind === "refused") return;
    if (this.heldBy !== undefined || this.isRetired) return;
    if (this.needsEngine()) {
      this.wantsEngine = true;
      this.transition("engine-lost");
      return;
    }
    this.start(trigger);
  }

  /** A person starts it: also ends an earlier person's stop. Throws ServerUnavailableError when it may not run. */
  startByUser(): void {
    this.heldBy = undefined;
    this.commands += 1;
    this.checkMayStart();
    if (this.live === undefined) this.start("user");
    else if (this.isEnding) void this.startAfter(this.live, this.commands);
  }

  async stopByUser(intent: StopIntent): Promise<void> {
    this.commands += 1;
    this.heldBy = intent;
    this.wantsEngine = false;
    await this.live?.stop(intent);
    this.publish();
  }

  async restart(intent: StopIntent): Promise<void> {
    this.commands += 1;
    const command = this.commands;
    await this.live?.stop(intent);
    if (command === this.commands) this.startByUser();
  }

  /** Stops it for good; whoever calls from now on is told this reason. */
  async retire(reason: NotRunnable, intent: StopIntent): Promise<void> {
    this.retiredFor = reason;
    this.wantsEngine = false;
    await this.live?.stop(intent);
  }

  /** Takes a new config: a run that it concerns is stopped with the reason and started anew. */
  async replaceSpec(spec: ServerSpec, intentOf: (change: SpecChange) => StopIntent): Promise<void> {
    if (isSameSpec(this.spec, spec)) return;
    const change = changeForRunning(this.spec, spec);
    // One that failed and was not started since may have been waiting for exactly this change.
    const hasFailed = this.live === undefined && this.failuresInARow > 0;
    if (change === undefined && !hasFailed) {
      this.spec = spec;
      this.publish();
      return;
    }
    const startsAnew = hasFailed || this.live !== undefined || this.wantsEngine || this.spec.plan.kind === "refused";
    // At once: a call that waits for the end of this run must not start the next one from the old config.
    this.spec = spec;
    this.heldBy = undefined;
    this.failuresInARow = 0;
    if (this.live !== undefined && change !== undefined) await this.live.stop(intentOf(change));
    this.transition(spec.plan.kind === "refused" ? "config-refused" : "config-accepted");
    if (startsAnew) this.startEagerly("config");
    this.publish();
  }

  /** Its engine came or went, or is another one from now on: a live run stays where it is. */
  engineChanged(): void {
    if (this.state !== "engine_unavailable") return;
    if (this.needsEngine()) return this.publish();
    this.transition("engine-found");
    if (this.wantsEngine) this.start("eager");
  }

  private checkMayStart(): void {
    if (this.retiredFor !== undefined) throw new ServerUnavailableError(notRunnableError(this.name, this.retiredFor));
    if (this.heldBy !== undefined) throw heldError(this.name, this.heldBy);
  }

  private async startAfter(ending: LiveRun, command: number): Promise<void> {
    await ending.ended;
    if (command === this.commands) this.startEagerly("user");
  }

  private start(trigger: RunTrigger): LiveRun {
    const { plan } = this.spec;
    if (plan.kind === "refused") throw new ServerUnavailableError(notRunnableError(this.name, plan.refusal));
    const placed = this.needsEngine() ? undefined : this.placed(plan);
    if (placed === undefined) throw this.waitForEngine();
    this.wantsEngine = false;
    this.transition("start-decided");
    this.bridge.counters.callsTotal = 0;
    const live = new LiveRun({
      decision: {
        plan: placed.plan,
        trigger,
        restartOf: this.failuresInARow > 0 ? (this.lastVerdict?.runId ?? null) : null,
        attempt: this.failuresInARow + 1,
        keepExited: this.spec.keepExited,
      },
      bridge: this.bridge,
      dependencies: this.dependencies,
      onEvent: (event) => this.transition(event),
      onChange: () => this.publish(),
    });
    this.live = live;
    void this.follow(live).finally(() => placed.release());
    this.publish();
    return live;
  }

  private async follow(live: LiveRun): Promise<void> {
    const readiness = await live.ready;
    if (readiness.kind === "ready") {
      this.handshake = readiness.handshake;
      this.failuresInARow = 0;
    }
    await live.ended;
    this.publish();
  }

  /** The plan with the engine that the run holds until it is over; undefined while there is none. */
  private placed(plan: RunnableResult): { readonly plan: RunnablePlan; release(): void } | undefined {
    const selection = engineSelectionOf(plan);
    const lease = selection && this.dependencies.engines.lease(selection, this.name);
    const release = (): void => lease?.release();
    if (plan.kind === "direct") return { plan: { ...plan, engine: lease?.engine }, release };
    return lease && { plan: { ...plan, engine: lease.engine, place: lease.place }, release };
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

  private transition(event: ServerEvent): void {
    if (event === "ended") this.noteEnd();
    const next = nextServerState(this.state, event);
    if (next === undefined) {
      this.dependencies.mainLog.debug({ server: this.name, state: this.state, event }, "event without a transition");
      return;
    }
    this.state = next;
    this.publish();
  }

  private noteEnd(): void {
    const record = this.live?.recorder.record;
    this.live = undefined;
    this.handshake = undefined;
    this.imageBuiltFromHost = record?.imageBuiltFromHost ?? null;
    if (record?.verdict == null || record.endedAt === null) return;
    this.lastVerdict = { runId: record.id, endedAt: record.endedAt, verdict: record.verdict };
    this.failuresInARow = record.stoppedBy === null ? this.failuresInARow + 1 : 0;
  }

  private noteNoise(line: Buffer): void {
    // Redacted before it is cut, so that no half of a secret is left at the cut.
    const text = this.dependencies.redact(line.subarray(0, 8_192).toString()).slice(0, 500);
    this.dependencies.serverLog(this.name).stdoutNoise(text);
    if (this.bridge.counters.noiseLines > 1) return;
    this.live?.recorder.event(
      "stdout-noise",
      `Printed something on stdout that is no JSON-RPC; it was skipped: ${text}`,
    );
  }

  private publish(): void {
    this.dependencies.feed.publish({ kind: "server", server: this.record() });
  }
}

function heldError(server: string, intent: StopIntent): ServerUnavailableError {
  const note = intent.reason.kind === "user" && intent.reason.note !== undefined ? ` (${intent.reason.note})` : "";
  return new ServerUnavailableError(
    notRunnableError(server, {
      code: "stopped_by_user",
      message: `Stopped by ${intent.actor}${note}.`,
      remedy: "Start it on the dashboard or with POST /api/v1/servers/NAME/start.",
    }),
  );
}
