import type { EngineEvent, StartFailure, StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import type { HealthCheckSettings } from "@mcpproxy/core/plan/effective-settings";
import type { Bridge } from "../bridge/bridge.ts";
import type { RpcError } from "../bridge/rpc-error.ts";
import type { Workload, WorkloadEnd } from "../engine/engine.ts";
import { attendContainer } from "./attend-container.ts";
import { awaitHandshake } from "./await-handshake.ts";
import { concludeRun } from "./conclude-run.ts";
import { withinDeadline } from "../waiting/deadline.ts";
import { firstRecord, timeoutsOf, type RunDecision } from "./first-record.ts";
import type { Handshake } from "./handshake.ts";
import type { HealthCheck } from "./health-check.ts";
import { createWorkload } from "./launch-workload.ts";
import { noteEngineEvent } from "./note-engine-event.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { RunCutOff } from "./run-cut-off.ts";
import { createRunHealth } from "./run-health.ts";
import { RunRecorder } from "./run-recorder.ts";
import { RunSamples } from "./run-samples.ts";
import { createRunOutput, createUpstream } from "./run-stdio.ts";
import { describeIntent, RunStop } from "./run-stop.ts";
import { StartTurn } from "./start-turn.ts";
import { toStartFailure } from "./start-failure.ts";
import { StderrTail } from "./stderr-tail.ts";

/** How long the engine may take to tell the end of a container that never ran. */
const neverStartedGraceMs = 1_000;

export interface LiveRunOptions {
  readonly decision: RunDecision;
  readonly bridge: Bridge;
  readonly dependencies: RunDependencies;
  /** As the config says it right now. */
  healthCheck(): HealthCheckSettings;
  onEvent(event: ServerEvent): void;
  /** It is over, stored, and its container seen to. */
  onEnded(end: RunEnd): void;
  /** Something shown on the server's row changed. */
  onChange(): void;
}

export type RunReadiness =
  | { readonly kind: "ready"; readonly handshake: Handshake }
  | { readonly kind: "ended"; readonly verdict: Verdict }
  /** Its stdio is lost, and its end is still to come. */
  | { readonly kind: "cut-off"; readonly error: RpcError };

/** One run from the decision to start to its verdict. */
export class LiveRun {
  readonly recorder: RunRecorder;
  /** What it needs before it may create its container. */
  readonly turn: StartTurn;
  readonly cutOff: RunCutOff;
  readonly samples: RunSamples;
  /** Settles when the handshake is done, or when nothing can come of it any more. Never rejects. */
  readonly ready: Promise<RunReadiness>;
  /** The verdict, once the run has ended and is stored. Never rejects. */
  readonly ended: Promise<Verdict>;
  pull: PullProgress | null = null;
  /** Once it is ready. */
  handshake: Handshake | undefined;
  /** It ended when it was asked for its era, which is not asked of it again. */
  hasEndedOnProbe = false;
  private readonly options: LiveRunOptions;
  private readonly tail = new StderrTail();
  private readonly abort = new AbortController();
  private readonly stopping: RunStop;
  private readonly readiness = Promise.withResolvers<RunReadiness>();
  private readonly health: HealthCheck;
  private workload: Workload | undefined;
  /** Somebody has stopped the container's time. */
  isPaused = false;
  private readyMs: number | undefined;

  constructor(options: LiveRunOptions) {
    this.options = options;
    const { dependencies } = options;
    const { record, identity, snapshot } = firstRecord(options.decision, dependencies);
    this.recorder = new RunRecorder({
      run: record,
      snapshot,
      owner: dependencies.owner,
      runs: dependencies.store.runs,
      feed: dependencies.feed,
      clock: dependencies.clock,
      log: dependencies.mainLog,
    });
    this.turn = this.createTurn();
    this.cutOff = this.createCutOff();
    this.health = this.createHealth();
    this.samples = this.createSamples();
    this.stopping = new RunStop({
      recorder: this.recorder,
      clock: dependencies.clock,
      stopTimeoutMs: timeoutsOf(options.decision.plan).stopMs,
    });
    this.ready = this.readiness.promise;
    this.ended = this.live(identity);
  }

  /** Its stdio is lost, and cannot come back. */
  get isCutOff(): boolean {
    return this.cutOff.isCutOff;
  }

  /** Nothing serves any more; `ended` settles once the container is seen to. */
  get hasVerdict(): boolean {
    return this.recorder.record.state === "ended";
  }

  /** How long a start may take, without the pull. */
  get startTimeoutMs(): number {
    return timeoutsOf(this.options.decision.plan).startMs;
  }

  /** How long it has been answering calls; 0 before. */
  get readyForMs(): number {
    return this.readyMs === undefined ? 0 : this.options.dependencies.clock.now() - this.readyMs;
  }

  /** The run as it is right now: the stored record and what is only known while it lives. */
  snapshot(): RunRecord {
    const { record } = this.recorder;
    if (record.state === "ended") return record;
    const { bridge } = this.options;
    return {
      ...record,
      peakMemoryBytes: this.samples.peakBytes ?? null,
      sessions: bridge.sessionCount,
      callsTotal: bridge.counters.callsTotal,
      callsInFlight: bridge.describeCallsInFlight(),
      stderrTail: this.tail.read(),
    };
  }

  /** Stores the intent, then goes through the stop order. Resolves with the verdict. */
  async stop(intent: StopIntent): Promise<Verdict> {
    if (this.recorder.intents.length === 0) {
      await this.recorder.intend(intent);
      if (this.recorder.record.state === "ended") return await this.ended;
      this.recorder.update({ state: "stopping", stoppedBy: intent.actor });
      this.recorder.event("stop-intended", describeIntent(intent), { at: intent.at });
      this.options.onEvent("stop-decided");
      this.abort.abort();
      // Nothing to stop yet: the aborted start sees to its own end.
      if (this.workload !== undefined) this.stopping.begin(this.workload);
    }
    return await this.ended;
  }

  private createTurn(): StartTurn {
    const { decision, dependencies, onEvent } = this.options;
    const { plan } = decision;
    const bringsContainer = plan.kind === "isolated" || plan.launch.dockerRun !== undefined;
    return new StartTurn({
      room: bringsContainer ? dependencies.room : undefined,
      turns: dependencies.turns,
      clock: dependencies.clock,
      recorder: this.recorder,
      signal: this.abort.signal,
      onEvent,
    });
  }

  private createCutOff(): RunCutOff {
    const { bridge, dependencies, onEvent } = this.options;
    return new RunCutOff({
      bridge,
      recorder: this.recorder,
      clock: dependencies.clock,
      onEvent,
      onCutOff: (error) => {
        this.health.stop();
        this.turn.release();
        this.readiness.resolve({ kind: "cut-off", error });
      },
      stop: (intent) => this.stop(intent),
    });
  }

  private createSamples(): RunSamples {
    const { bridge, dependencies, onChange } = this.options;
    return new RunSamples({
      bridge,
      recorder: this.recorder,
      mainLog: dependencies.mainLog,
      onReading: () => {
        onChange();
        dependencies.feed.publish({ kind: "run", run: this.snapshot() });
      },
    });
  }

  private createHealth(): HealthCheck {
    const { bridge, dependencies, healthCheck } = this.options;
    return createRunHealth({
      bridge,
      recorder: this.recorder,
      clock: dependencies.clock,
      settings: healthCheck,
      isExcused: () => this.isPaused || this.recorder.record.state !== "ready",
      stop: (intent) => this.stop(intent),
    });
  }

  private async live(identity: ReturnType<typeof firstRecord>["identity"]): Promise<Verdict> {
    const { decision, dependencies } = this.options;
    this.recorder.event("decided", `Run decided (${decision.trigger}).`);
    let end: WorkloadEnd | undefined;
    let failure: StartFailure | undefined;
    try {
      const outcome = await this.startAndServe(identity);
      ({ end, failure } = outcome);
    } catch (error) {
      failure = toStartFailure(error);
      end = await this.endAfterFailure();
    }
    const { readyForMs } = this;
    const verdict = await concludeRun({
      recorder: this.recorder,
      dependencies,
      decision,
      bridge: this.options.bridge,
      workload: this.workload,
      end,
      failure,
      stopSteps: this.stopping.steps,
      tail: this.tail,
      peakBytes: this.samples.peakBytes,
      callsCutOff: this.cutOff.calls,
    });
    this.turn.releaseAll();
    this.readiness.resolve({ kind: "ended", verdict });
    const { exitCode, stderrTail, limits } = this.recorder.record;
    const [intent] = this.recorder.intents;
    const { wasEngineAway: wasCutOff } = this.cutOff;
    const how = { exitCode, stderrTail, network: limits.network, intent, wasCutOff, readyForMs };
    this.options.onEnded({ verdict, failure, ...how });
    return verdict;
  }

  private async startAndServe(
    identity: ReturnType<typeof firstRecord>["identity"],
  ): Promise<{ end: WorkloadEnd; failure?: StartFailure }> {
    const { decision, dependencies, bridge } = this.options;
    const output = createRunOutput({
      bridge,
      recorder: this.recorder,
      log: dependencies.serverLog(this.recorder.record.server),
      tail: this.tail,
      redact: dependencies.redact,
      maxLineBytes: dependencies.maxLineBytes(),
    });
    const workload = await createWorkload({
      plan: decision.plan,
      identity,
      recorder: this.recorder,
      dependencies,
      output,
      signal: this.abort.signal,
      takeTurn: () => this.turn.take(),
      onPullProgress: (progress) => {
        this.pull = progress;
        this.options.onChange();
      },
    });
    this.workload = workload;
    this.options.onEvent("created");
    workload.onEvent((event) => this.noteEngineEvent(event));
    workload.onCutOff((cutOff) => this.cutOff.note(cutOff));
    this.abort.signal.throwIfAborted();
    await this.start(workload);
    const sampler = this.samples.start(workload);
    try {
      bridge.attach(createUpstream(workload));
      if (this.abort.signal.aborted) this.stopping.begin(workload);
      const failure = this.cutOff.isCutOff ? undefined : await this.initialize(workload);
      // A server that did not answer still runs and has to go; one that exited has nothing left to stop.
      const isRunning = failure?.stage === "handshake" && failure.cause !== "exited";
      if (isRunning) this.stopping.begin(workload);
      const end = await Promise.race([workload.ended, this.stopping.over]);
      output.end();
      return failure === undefined ? { end } : { end, failure };
    } finally {
      sampler.stop();
      this.health.stop();
    }
  }

  private async start(workload: Workload): Promise<void> {
    const { clock } = this.options.dependencies;
    const startedMs = clock.now();
    await workload.start();
    const durationMs = clock.now() - startedMs;
    this.recorder.event("started", "The process runs.", { durationMs });
    this.recorder.update({
      state: "initializing",
      containerId: workload.id,
      timings: { ...this.recorder.record.timings, startMs: Math.round(durationMs) },
    });
    this.options.onEvent("started");
    const { decision, dependencies, onChange } = this.options;
    attendContainer({ workload, plan: decision.plan, recorder: this.recorder, dependencies, onChange });
  }

  /** A failure says why it is not ready; undefined that all is well, or that it is being stopped. */
  private async initialize(workload: Workload): Promise<(StartFailure & { stage: "handshake" }) | undefined> {
    const { bridge, decision, dependencies } = this.options;
    const outcome = await awaitHandshake({
      bridge,
      workload,
      plan: decision.plan,
      rememberedEra: this.rememberedEra(),
      version: dependencies.version,
      clock: dependencies.clock,
      stderrVersion: () => this.tail.version,
      onStillDownloading: () => {
        // Waiting for the network takes nothing from others that start.
        this.turn.release();
        this.recorder.event(
          "still-downloading",
          `No answer within ${this.startTimeoutMs / 1_000} s, but it is still downloading.`,
        );
      },
    });
    if (this.abort.signal.aborted || this.cutOff.isCutOff) return undefined;
    if (outcome.kind === "failed") {
      this.hasEndedOnProbe = outcome.hasEndedOnProbe;
      return outcome.failure;
    }
    this.becomeReady(outcome.handshake, outcome.durationMs);
    return undefined;
  }

  private rememberedEra(): Handshake["era"] | undefined {
    const { configHash } = this.recorder.record;
    return configHash === null ? undefined : this.options.dependencies.handshakes.recall(configHash)?.era;
  }

  private becomeReady(handshake: Handshake, durationMs: number): void {
    const { clock, serverLog } = this.options.dependencies;
    this.handshake = handshake;
    this.readyMs = clock.now();
    this.turn.release();
    const { configHash, server } = this.recorder.record;
    if (configHash !== null) this.options.dependencies.handshakes.remember({ server, configHash, handshake });
    this.recorder.event("initialized", `The server answered initialize (MCP ${handshake.protocolVersion}).`, {
      durationMs,
    });
    this.recorder.update({
      state: "ready",
      readyAt: clock.timestamp(),
      timings: { ...this.recorder.record.timings, initializeMs: Math.round(durationMs) },
    });
    if (this.options.decision.plan.kind === "isolated")
      serverLog(this.recorder.record.server).info("Docker isolation setup successful");
    this.options.bridge.restoreSessions();
    this.health.start();
    this.options.onEvent("initialized");
    this.readiness.resolve({ kind: "ready", handshake });
  }

  private noteEngineEvent(event: EngineEvent): void {
    this.options.dependencies.deaths.note(this.recorder.record.id, event);
    if (event.action === "pause") this.isPaused = true;
    if (event.action === "unpause") this.isPaused = false;
    if (event.action === "pause" || event.action === "unpause") this.options.onChange();
    noteEngineEvent(this.recorder, event);
  }

  /** The end of a workload that could not be started, or was stopped before it was. */
  private async endAfterFailure(): Promise<WorkloadEnd | undefined> {
    if (this.workload === undefined) return undefined;
    const end = await withinDeadline(this.workload.ended, neverStartedGraceMs);
    return end === "timed-out" ? undefined : end;
  }
}
