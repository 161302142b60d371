import { durationInWords } from "@mcpproxy/core/format/duration-in-words";
import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { ServerEvent } from "@mcpproxy/core/supervision/server-machine";
import type { PolicyReason, StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import { beginRun } from "./begin-run.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { LiveRun } from "./live-run.ts";
import { policyIntent } from "./policy-intent.ts";
import { unusedForMs } from "./room-use.ts";
import { createServerBridge } from "./server-bridge.ts";
import type { ServerParts } from "./server-parts.ts";

export interface SharedRunOptions {
  readonly parts: ServerParts;
  onChange(): void;
  onEnded(ended: LiveRun | undefined, end: RunEnd): void;
}

/** The one run that all sessions of a server share, and the bridge that outlives it. */
export class SharedRun {
  readonly bridge: Bridge;
  live: LiveRun | undefined;
  /** It goes because others need its place. */
  isMakingRoom = false;
  private readonly options: SharedRunOptions;
  private readonly idle: IdleWatch;
  /** From the decision to stop an unused run on, no call is sent to it any more. */
  private isGoing = false;

  constructor(options: SharedRunOptions) {
    const { dependencies, spec } = options.parts;
    this.options = options;
    this.bridge = createServerBridge({ server: spec().name, dependencies, live: () => this.live });
    this.idle = new IdleWatch({
      bridge: this.bridge,
      timeoutMs: () => spec().supervision.idleTimeoutMs,
      onIdle: (idleMs) => this.stopUnused({ policy: "idle", detail: durationInWords(idleMs) }),
    });
  }

  get isReady(): boolean {
    return this.state === "ready" && !this.isEnding;
  }

  /** It is on the way out, or has its verdict and is being cleaned up. */
  get isEnding(): boolean {
    if (this.live === undefined) return false;
    return this.state === "stopping" || this.isGoing || this.live.cutOff.isCutOff || this.live.hasVerdict;
  }

  /** How long nobody has used its container; undefined while somebody may. */
  get unusedForMs(): number | undefined {
    return this.isReady ? unusedForMs(this.bridge, this.live) : undefined;
  }

  /** Throws ServerUnavailableError when it cannot begin. */
  start(trigger: RunTrigger): LiveRun {
    const { parts, onChange } = this.options;
    const callbacks = {
      bridge: this.bridge,
      onEvent: (event: ServerEvent) => this.noteEvent(event),
      onEnded: (end: RunEnd) => this.noteEnd(end),
      onChange,
    };
    this.live = beginRun({ parts, trigger, callbacks });
    parts.restarts.cancel();
    return this.live;
  }

  async stop(intent: StopIntent): Promise<void> {
    await this.live?.stop(intent);
  }

  makeRoom(): void {
    if (this.unusedForMs === undefined) return;
    this.isMakingRoom = true;
    this.stopUnused({ policy: "made_room" });
  }

  /** Takes over a changed idle timeout. */
  watchIdle(): void {
    if (this.state === "ready") this.idle.start();
  }

  private get state() {
    return this.options.parts.condition.state;
  }

  private stopUnused(reason: { readonly policy: PolicyReason; readonly detail?: string }): void {
    if (this.live === undefined || this.isEnding) return;
    this.isGoing = true;
    void this.live.stop(policyIntent(this.options.parts.dependencies.clock, reason));
  }

  private noteEvent(event: ServerEvent): void {
    if (event === "initialized") this.idle.start();
    if (event === "cut-off") this.idle.stop();
    this.options.parts.condition.note(event);
  }

  private noteEnd(end: RunEnd): void {
    const { live } = this;
    this.idle.stop();
    this.live = undefined;
    this.isGoing = false;
    this.isMakingRoom = false;
    this.options.onEnded(live, end);
  }
}
