import type { EngineEvent, StartFailure, StopIntent, StopStep } from "@mcpproxy/core/verdict/exit-evidence";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import type { Bridge } from "../bridge/bridge.ts";
import type { MemoryReading, Workload, WorkloadEnd } from "../engine/engine.ts";
import { awaitHandshake } from "./await-handshake.ts";
import { concludeRun } from "./conclude-run.ts";
import { withinDeadline } from "./deadline.ts";
import { firstRecord, timeoutsOf, type RunDecision } from "./first-record.ts";
import type { Handshake } from "./handshake.ts";
import { createWorkload } from "./launch-workload.ts";
import { startMemorySampler } from "./memory-sampler.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { RunRecorder } from "./run-recorder.ts";
import { createRunOutput, createUpstream } from "./run-stdio.ts";
import { toStartFailure } from "./start-failure.ts";
import { StderrTail } from "./stderr-tail.ts";
import { stopWorkload } from "./stop-workload.ts";

/** How long the engine may take to tell the end of a container that never ran. */
const neverStartedGraceMs = 1_000;

export interface LiveRunOptions {
  readonly decision: RunDecision;
  readonly bridge: Bridge;
  readonly dependencies: RunDependencies;
  onEvent(event: ServerEvent): void;
  /** It is over, stored, and its container seen to. */
  onEnded(end: RunEnd): void;
  /** Something shown on the server's row changed. */
  onChange(): void;
}

export type RunReadiness =
  | { readonly kind: "ready"; readonly handshake: Handshake }
  | { readonly kind: "ended"; readonly verdict: Verdict };

/** One run from the decision to start to its verdict. */
export class LiveRun {
  readonly recorder: RunRecorder;
  /** Settles when the handshake is done, or when the run ended before. Never rejects. */
  readonly ready: Promise<RunReadiness>;
  /** The verdict, once the run has ended and is stored. Never rejects. */
  readonly ended: Promise<Verdict>;
  pull: PullProgress | null = null;
  latestMemory: MemoryReading | undefined;
  /** Once it is ready. */
  handshake: Handshake | undefined;
  private readonly options: LiveRunOptions;
  private readonly tail = new StderrTail();
  private readonly abort = new AbortController();
  private readonly stopSteps: StopStep[] = [];
  /** What is known when a stop is over, also when nobody could tell the workload's end. */
  private readonly stopped = Promise.withResolvers<WorkloadEnd>();
  private readonly readiness = Promise.withResolvers<RunReadiness>();
  private workload: Workload | undefined;
  private isStopping = false;
  private peakBytes: number | undefined;
  private readyMs: number | undefined;
  private releaseTurn: () => void = () => undefined;

  constructor(options: LiveRunOptions) {
    this.options = options;
    const { dependencies } = options;
    const { record, identity } = firstRecord(options.decision, dependencies);
    this.recorder = new RunRecorder({
      run: record,
      owner: dependencies.owner,
      runs: dependencies.store.runs,
      feed: dependencies.feed,
      clock: dependencies.clock,
      log: dependencies.mainLog,
    });
    this.ready = this.readiness.promise;
    this.ended = this.live(identity);
  }

  /** Nothing serves any more; `ended` settles once the container is seen to. */
  get hasVerdict(): boolean {
    return this.recorder.record.state === "ended";
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
      peakMemoryBytes: this.peakBytes ?? null,
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
      if (this.workload !== undefined) this.stopWorkloadOnce(this.workload);
    }
    return await this.ended;
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
      stopSteps: this.stopSteps,
      tail: this.tail,
      peakBytes: this.peakBytes,
    });
    this.releaseTurn();
    this.readiness.resolve({ kind: "ended", verdict });
    const { exitCode, stderrTail, limits } = this.recorder.record;
    const [intent] = this.recorder.intents;
    this.options.onEnded({ verdict, failure, exitCode, stderrTail, network: limits.network, intent, readyForMs });
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
    });
    const workload = await createWorkload({
      plan: decision.plan,
      identity,
      recorder: this.recorder,
      dependencies,
      output,
      signal: this.abort.signal,
      takeTurn: () => this.takeTurn(),
      onPullProgress: (progress) => {
        this.pull = progress;
        this.options.onChange();
      },
    });
    this.workload = workload;
    this.options.onEvent("created");
    workload.onEvent((event) => this.noteEngineEvent(event));
    this.abort.signal.throwIfAborted();
    await this.start(workload);
    const sampler = this.startSampler(workload);
    try {
      bridge.attach(createUpstream(workload));
      if (this.abort.signal.aborted) this.stopWorkloadOnce(workload);
      const failure = await this.initialize(workload);
      // A server that did not answer still runs and has to go; one that exited has nothing left to stop.
      const isRunning = failure?.stage === "handshake" && failure.cause !== "exited";
      if (isRunning) this.stopWorkloadOnce(workload);
      const end = await Promise.race([workload.ended, this.stopped.promise]);
      output.end();
      return failure === undefined ? { end } : { end, failure };
    } finally {
      sampler.stop();
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
    void this.noteIsolation(workload);
    void this.letOut(workload);
  }

  /** Its address is known once it runs; what it tries before waits at the filter. */
  private async letOut(workload: Workload): Promise<void> {
    const { plan } = this.options.decision;
    if (plan.kind !== "isolated" || plan.plan.network.mode !== "allowlist") return;
    const { egress, mainLog } = this.options.dependencies;
    try {
      const release = await egress.admit({
        engine: plan.engine,
        containerId: workload.id,
        runId: this.recorder.record.id,
        plan: plan.plan,
        onDenied: ({ message }) => this.recorder.event("egress-denied", message),
      });
      void workload.ended.then(release);
    } catch (error) {
      // Closed is the safe side: the server runs on without a way out.
      mainLog.warn({ run: this.recorder.record.id, error: String(error) }, "could not let a server out to its hosts");
    }
  }

  /** Beside the start and not before it: nobody has to wait for what is only shown. */
  private async noteIsolation(workload: Workload): Promise<void> {
    const { engine } = this.options.decision.plan;
    if (engine === undefined || workload.id.startsWith("pid:")) return;
    try {
      this.recorder.update({ isolationReport: await engine.readIsolation(workload.id) });
      this.options.onChange();
    } catch (error) {
      // A container that is gone already has no report; its end tells the rest.
      this.options.dependencies.mainLog.debug({ error: String(error) }, "could not read the isolation of a run");
    }
  }

  /** A failure says why it is not ready; undefined that all is well, or that it is being stopped. */
  private async initialize(workload: Workload): Promise<(StartFailure & { stage: "handshake" }) | undefined> {
    const { bridge, decision, dependencies } = this.options;
    const outcome = await awaitHandshake({
      bridge,
      workload,
      plan: decision.plan,
      version: dependencies.version,
      clock: dependencies.clock,
      stderrVersion: () => this.tail.version,
      onStillDownloading: () => {
        // Waiting for the network takes nothing from others that start.
        this.releaseTurn();
        const { startMs } = timeoutsOf(decision.plan);
        this.recorder.event("still-downloading", `No answer within ${startMs / 1_000} s, but it is still downloading.`);
      },
    });
    if (this.abort.signal.aborted) return undefined;
    if (outcome.kind === "failed") return outcome.failure;
    this.becomeReady(outcome.handshake, outcome.durationMs);
    return undefined;
  }

  private async takeTurn(): Promise<void> {
    const { clock, turns } = this.options.dependencies;
    const fromMs = clock.now();
    let hasWaited = false;
    this.releaseTurn = await turns.take({
      signal: this.abort.signal,
      onWait: (starting) => {
        hasWaited = true;
        this.recorder.event("turn-awaited", `Waits for its turn: ${starting} other servers are starting.`);
        this.options.onEvent("turn-awaited");
      },
    });
    if (hasWaited) this.recorder.event("turn-came", "Its turn to start.", { durationMs: clock.now() - fromMs });
    this.options.onEvent("turn-came");
  }

  private becomeReady(handshake: Handshake, durationMs: number): void {
    const { clock, serverLog } = this.options.dependencies;
    this.handshake = handshake;
    this.readyMs = clock.now();
    this.releaseTurn();
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
    this.options.onEvent("initialized");
    this.readiness.resolve({ kind: "ready", handshake });
  }

  private startSampler(workload: Workload): { stop(): void } {
    return startMemorySampler({
      read: () => workload.readMemory(),
      onReading: (reading) => {
        this.latestMemory = reading;
        this.peakBytes = Math.max(this.peakBytes ?? 0, reading.peakBytes ?? 0, reading.workingSetBytes);
        this.recorder.samples([
          { at: reading.at, memoryBytes: reading.workingSetBytes, peakBytes: reading.peakBytes ?? null },
        ]);
        this.options.onChange();
        this.options.dependencies.feed.publish({ kind: "run", run: this.snapshot() });
      },
      onError: (error) =>
        this.options.dependencies.mainLog.debug({ error: String(error) }, "could not read the memory of a run"),
    });
  }

  private noteEngineEvent(event: EngineEvent): void {
    const at = { at: event.at };
    if (event.action === "oom")
      this.recorder.event("oom", "The kernel killed a process of the container: out of memory.", at);
    if (event.action === "kill")
      this.recorder.event("kill", `Signal ${event.signal ?? "?"} was sent to the container.`, at);
    if (event.action === "die")
      this.recorder.event("died", `The main process ended with exit code ${event.exitCode ?? "?"}.`, at);
  }

  /** The end of a workload that could not be started, or was stopped before it was. */
  private async endAfterFailure(): Promise<WorkloadEnd | undefined> {
    if (this.workload === undefined) return undefined;
    const end = await withinDeadline(this.workload.ended, neverStartedGraceMs);
    return end === "timed-out" ? undefined : end;
  }

  private stopWorkloadOnce(workload: Workload): void {
    if (this.isStopping) return;
    this.isStopping = true;
    const { plan } = this.options.decision;
    const { stopMs } = timeoutsOf(plan);
    const stopping = stopWorkload({
      workload,
      recorder: this.recorder,
      clock: this.options.dependencies.clock,
      stopTimeoutMs: stopMs,
      onStep: (step) => this.stopSteps.push(step),
    });
    void stopping.then((end) => this.stopped.resolve(end));
  }
}

function describeIntent(intent: StopIntent): string {
  const { reason } = intent;
  if (reason.kind === "user")
    return `${intent.actor} stopped it${reason.note === undefined ? "." : `: ${reason.note}`}`;
  return `MCPProxy stops it: ${reason.policy.replaceAll("_", " ")}${reason.detail === undefined ? "" : ` (${reason.detail})`}.`;
}
