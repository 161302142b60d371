import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { LiveRun } from "./live-run.ts";
import type { ServerParts } from "./server-parts.ts";

export interface UserCommandsOptions {
  readonly parts: Pick<ServerParts, "permission" | "holds" | "restarts" | "engine" | "condition">;
  /** What there is to start: nothing where each session starts a run of its own. */
  situation(): "per-session" | "no-run" | "runs" | { readonly ending: LiveRun };
  /** Throws ServerUnavailableError when it may not run. */
  start(trigger: RunTrigger): void;
  startEagerly(trigger: RunTrigger): void;
  stopRuns(intent: StopIntent): Promise<void>;
}

/** What people tell a server to do; of two commands that meet the later one has the last word. */
export class UserCommands {
  private readonly options: UserCommandsOptions;
  private count = 0;

  constructor(options: UserCommandsOptions) {
    this.options = options;
  }

  /** Also ends an earlier person's stop, and whatever it waits for. Throws ServerUnavailableError when it may not run. */
  start(): void {
    const { permission, holds, restarts, condition } = this.options.parts;
    permission.heldBy = undefined;
    holds.release();
    this.count += 1;
    restarts.forget();
    permission.check("user");
    const situation = this.options.situation();
    if (situation === "per-session") condition.note("wait-ended");
    else if (situation === "no-run") this.options.start("user");
    else if (situation !== "runs") void this.startAfter(situation.ending, this.count);
  }

  async stop(intent: StopIntent): Promise<void> {
    const { permission, holds, restarts, engine, condition } = this.options.parts;
    this.count += 1;
    permission.heldBy = intent;
    engine.isAwaited = false;
    await Promise.all([holds.keepStopped(intent), this.options.stopRuns(intent)]);
    if (permission.heldBy === undefined) return;
    restarts.forget();
    condition.note("wait-ended");
  }

  async restart(intent: StopIntent): Promise<void> {
    this.count += 1;
    const command = this.count;
    await this.options.stopRuns(intent);
    if (command === this.count) this.start();
  }

  private async startAfter(ending: LiveRun, command: number): Promise<void> {
    await ending.ended;
    if (command === this.count) this.options.startEagerly("user");
  }
}
