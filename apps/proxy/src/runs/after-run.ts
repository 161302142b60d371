import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { AfterEnd, RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import { eventAfter } from "./event-after.ts";
import type { LiveRun } from "./live-run.ts";
import type { ServerParts } from "./server-parts.ts";
import type { SessionRun } from "./session-run.ts";

export interface AfterRunOptions {
  readonly parts: Pick<ServerParts, "restarts" | "engine" | "holds" | "condition" | "last">;
  /** Somebody would miss the server. */
  isWanted(): boolean;
  startEagerly(trigger: RunTrigger): void;
}

/** What follows the end of a server's run: a new try, a rest, or nothing until somebody acts. */
export class AfterRun {
  private readonly options: AfterRunOptions;

  constructor(options: AfterRunOptions) {
    this.options = options;
  }

  noteEnd(ended: LiveRun | undefined, end: RunEnd): void {
    const { condition } = this.options.parts;
    const next = this.decide(ended, end);
    condition.note(eventAfter(next));
    if (next.kind === "retry") this.waitOrRest(next);
  }

  /** The client begins anew by itself; what is left is to hold back a server that keeps failing. */
  noteSessionEnd(ended: SessionRun, end: RunEnd): void {
    const { condition } = this.options.parts;
    const next = this.decide(ended.live, end);
    condition.noteFrom(ended.state, eventAfter(next));
    if (next.kind === "retry") this.waitOrRest(next);
    if (next.kind === "idle") condition.note("wait-ended");
  }

  /** The time of the planned try has come. */
  tryAgain(): void {
    if (this.isWanted()) this.options.startEagerly("restart");
    else this.options.parts.condition.note("wait-ended");
  }

  private decide(ended: LiveRun | undefined, end: RunEnd): AfterEnd {
    const { restarts, holds, last } = this.options.parts;
    last.keep(ended);
    const next = restarts.noteEnd(end);
    if (next.kind === "park") holds.keepParked(restarts.failures);
    return next;
  }

  /** A try is planned; but without its engine it waits for that, and one that nobody wants waits for a call. */
  private waitOrRest({ isCrashLoop }: AfterEnd & { kind: "retry" }): void {
    const { restarts, engine, condition } = this.options.parts;
    if (engine.isAway) {
      engine.isAwaited = this.isWanted();
      restarts.cancel();
      condition.note("engine-lost");
    } else if (!isCrashLoop && !this.isWanted()) {
      restarts.cancel();
      condition.note("wait-ended");
    }
  }

  /** Also a call that was told to come back when the engine does wants it. */
  private isWanted(): boolean {
    return this.options.isWanted() || this.options.parts.engine.isAwaited;
  }
}
