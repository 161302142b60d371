import { durationInWords } from "@mcpproxy/core/format/duration-in-words";
import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { ServerState } from "@mcpproxy/core/run/server-record";
import { nextServerState, type ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import type { Session } from "../bridge/session.ts";
import type { Connection } from "./connection.ts";
import type { Handshake } from "./handshake.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { RunRequest } from "./launch-run.ts";
import type { LiveRun } from "./live-run.ts";
import { readyRun } from "./ready-run.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { policyIntent } from "./policy-intent.ts";
import { notRunnableError, ServerUnavailableError } from "./run-failure.ts";
import { createServerBridge } from "./server-bridge.ts";

/** Who is told what a run does. */
export type RunCallbacks = Pick<RunRequest, "bridge" | "onEvent" | "onEnded" | "onChange">;

export interface SessionRunOptions {
  readonly server: string;
  readonly session: Session;
  readonly dependencies: RunDependencies;
  /** Resolves when a run may begin. Rejects with ServerUnavailableError. */
  admit(trigger: RunTrigger): Promise<void>;
  /** Begins the run at once. Throws ServerUnavailableError. */
  launch(trigger: RunTrigger, callbacks: RunCallbacks): LiveRun;
  idleTimeoutMs(): number | null;
  onChange(): void;
  /** The run is over, and the session with it. */
  onEnded(run: SessionRun, end: RunEnd): void;
  /** Called when the server ends the session, not when the client does. */
  onOver(): void;
  /** It is over without ever having had a run. */
  onClosed(run: SessionRun): void;
}

/** A session with a run of its own: begun by its first request, and ended with it. */
export class SessionRun implements Connection {
  readonly bridge: Bridge;
  state: ServerState = "stopped";
  live: LiveRun | undefined;
  private readonly options: SessionRunOptions;
  private readonly idle: IdleWatch;
  private starting: Promise<LiveRun> | undefined;
  private hasEnded = false;
  /** One side has told the other that the session is over. */
  private isLeft = false;

  constructor(options: SessionRunOptions) {
    const { server, session, dependencies } = options;
    this.options = options;
    this.bridge = createServerBridge({ server, dependencies, live: () => this.live });
    this.bridge.addSession(session);
    this.idle = new IdleWatch({
      bridge: this.bridge,
      timeoutMs: options.idleTimeoutMs,
      onIdle: (idleMs) =>
        void this.stop(policyIntent(dependencies.clock, { policy: "idle", detail: durationInWords(idleMs) })),
    });
  }

  /** From the moment on in which calls get the reason: a client that asks again at once has to begin anew. */
  get isOver(): boolean {
    return this.hasEnded || this.live?.hasVerdict === true || this.live?.isCutOff === true;
  }

  get isReady(): boolean {
    return this.state === "ready" && !this.isOver;
  }

  async ensureReady(trigger: RunTrigger): Promise<Handshake> {
    if (this.isReady && this.live?.handshake !== undefined) return this.live.handshake;
    this.checkIsOpen();
    this.starting ??= this.begin(trigger);
    const live = await this.starting;
    const { server, dependencies } = this.options;
    return await readyRun({ server, live, maxContainers: dependencies.room.limit });
  }

  reportBug(error: unknown): void {
    const { dependencies, server } = this.options;
    dependencies.mainLog.error({ server, error }, "a message of a client could not be handled");
  }

  /** The client is gone, and its run goes with it. */
  close(): void {
    if (this.isLeft) return;
    this.isLeft = true;
    this.hasEnded = true;
    const { session, dependencies, onClosed } = this.options;
    this.bridge.removeSession(session);
    if (this.live === undefined) onClosed(this);
    else void this.live.stop(policyIntent(dependencies.clock, { policy: "session_closed" }));
  }

  /** Stops the run, and with it the session; the client is told when its calls in flight have their answers. */
  async stop(intent: StopIntent): Promise<void> {
    if (this.live === undefined) this.end();
    else {
      this.hasEnded = true;
      await this.live.stop(intent);
    }
  }

  /** Takes over a changed idle timeout. */
  watchIdle(): void {
    if (this.state === "ready") this.idle.start();
  }

  private async begin(trigger: RunTrigger): Promise<LiveRun> {
    try {
      await this.options.admit(trigger);
      this.checkIsOpen();
      const live = this.options.launch(trigger, {
        bridge: this.bridge,
        onEvent: (event) => this.note(event),
        onEnded: (end) => this.noteEnd(end),
        onChange: () => this.options.onChange(),
      });
      this.live = live;
      return live;
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
  }

  private note(event: ServerEvent): void {
    this.state = nextServerState(this.state, event) ?? this.state;
    if (event === "initialized") this.idle.start();
    // Its stdio is lost, and with it all that the server knew of this session.
    if (event === "cut-off") this.end();
    this.options.onChange();
  }

  private noteEnd(end: RunEnd): void {
    this.idle.stop();
    this.end();
    this.options.onEnded(this, end);
    this.live = undefined;
  }

  private end(): void {
    this.hasEnded = true;
    if (this.live === undefined) this.options.onClosed(this);
    if (this.isLeft) return;
    this.isLeft = true;
    this.options.onOver();
  }

  private checkIsOpen(): void {
    if (!this.isOver) return;
    throw new ServerUnavailableError(
      notRunnableError(this.options.server, {
        code: "session_ended",
        message: "The run of this session has ended, and the session with it.",
        remedy: "Send initialize again.",
      }),
    );
  }
}
