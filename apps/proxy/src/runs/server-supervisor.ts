import type { RunRecord, RunTrigger } from "@mcpproxy/core/run/run-record";
import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { Bridge } from "../bridge/bridge.ts";
import type { Handshake } from "./handshake.ts";
import { LiveRun } from "./live-run.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { notRunnableError, runEndedError, ServerUnavailableError } from "./run-failure.ts";
import { nextServerState, type ServerEvent } from "./server-machine.ts";
import { serverRecordOf } from "./server-record-of.ts";
import { isSameSpec, type ServerSpec } from "./server-spec.ts";

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
  private wantsEngine = false;
  private failuresInARow = 0;

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
    return this.state === "ready";
  }

  record(): ServerRecord {
    return serverRecordOf({
      spec: this.spec,
      state: this.state,
      engine: this.dependencies.docker.status,
      live: this.live,
      lastVerdict: this.lastVerdict,
      callsTotal: this.bridge.counters.callsTotal,
      callsInFlight: this.bridge.callsInFlight,
      sessions: this.bridge.sessionCount,
      redact: this.dependencies.redact,
    });
  }

  /** The live run, if it is the one of this id. */
  liveRun(runId: string): RunRecord | undefined {
    const snapshot = this.live?.snapshot();
    return snapshot?.id === runId ? snapshot : undefined;
  }

  /** Resolves when the server is ready, starting it when it does not run. Rejects with ServerUnavailableError that says why not. */
  async ensureReady(trigger: RunTrigger): Promise<Handshake> {
    if (this.state === "ready" && this.handshake !== undefined) return this.handshake;
    if (this.heldBy !== undefined) throw heldError(this.name, this.heldBy);
    if (this.state === "stopping") await this.live?.ended;
    const live = this.live ?? this.start(trigger);
    const readiness = await live.ready;
    if (readiness.kind === "ready") return readiness.handshake;
    throw new ServerUnavailableError(
      runEndedError({ server: this.name, runId: live.recorder.record.id, verdict: readiness.verdict }),
    );
  }

  /** Starts without waiting; quiet when it cannot: the state says why. */
  startEagerly(trigger: RunTrigger): void {
    if (this.live !== undefined || this.spec.plan.kind === "refused" || this.heldBy !== undefined) return;
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
    if (this.live === undefined) this.start("user");
  }

  async stopByUser(intent: StopIntent): Promise<void> {
    this.heldBy = intent;
    this.wantsEngine = false;
    await this.live?.stop(intent);
    this.publish();
  }

  async restart(intent: StopIntent): Promise<void> {
    await this.live?.stop(intent);
    this.startByUser();
  }

  /** Stops for a reason of MCPProxy's own; the next call may start it again. */
  async stopByPolicy(intent: StopIntent): Promise<void> {
    this.wantsEngine = false;
    await this.live?.stop(intent);
  }

  /** Takes a new config: a run that it concerns is stopped with the reason and started anew. */
  async replaceSpec(spec: ServerSpec, intent: StopIntent): Promise<void> {
    if (isSameSpec(this.spec, spec)) return;
    const wasRunning = this.live !== undefined || this.wantsEngine;
    await this.live?.stop(intent);
    const wasRefused = this.spec.plan.kind === "refused";
    this.spec = spec;
    this.heldBy = undefined;
    this.failuresInARow = 0;
    this.transition(spec.plan.kind === "refused" ? "config-refused" : "config-accepted");
    if (wasRunning || wasRefused) this.startEagerly("config");
    this.publish();
  }

  engineChanged(isAvailable: boolean): void {
    if (!isAvailable || this.state !== "engine_unavailable") return;
    this.transition("engine-found");
    if (this.wantsEngine) this.start("eager");
  }

  private start(trigger: RunTrigger): LiveRun {
    const { plan } = this.spec;
    if (plan.kind === "refused") throw new ServerUnavailableError(notRunnableError(this.name, plan.refusal));
    if (this.needsEngine()) {
      this.wantsEngine = true;
      this.transition("engine-lost");
      const { problem } = this.record();
      throw new ServerUnavailableError(
        notRunnableError(
          this.name,
          problem ?? { code: "engine_unavailable", message: "Docker is not reachable.", remedy: "" },
        ),
      );
    }
    this.wantsEngine = false;
    this.transition("start-decided");
    this.bridge.counters.callsTotal = 0;
    const live = new LiveRun({
      decision: {
        plan,
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
    void this.follow(live);
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

  private needsEngine(): boolean {
    return this.spec.plan.kind === "isolated" && this.dependencies.docker.status.state === "unavailable";
  }

  private transition(event: ServerEvent): void {
    const next = nextServerState(this.state, event);
    if (next === undefined) {
      this.dependencies.mainLog.debug({ server: this.name, state: this.state, event }, "event without a transition");
      return;
    }
    this.state = next;
    if (event === "ended") this.noteEnd();
    this.publish();
  }

  private noteEnd(): void {
    const record = this.live?.recorder.record;
    this.live = undefined;
    this.handshake = undefined;
    if (record?.verdict == null || record.endedAt === null) return;
    this.lastVerdict = { runId: record.id, endedAt: record.endedAt, verdict: record.verdict };
    this.failuresInARow = record.stoppedBy === null ? this.failuresInARow + 1 : 0;
  }

  private noteNoise(line: Buffer): void {
    const text = this.dependencies.redact(line.subarray(0, 500).toString());
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
