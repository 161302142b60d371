import type { RestartSettings } from "@mcpproxy/core/plan/effective-settings";
import { decideRestart, noFailures, type AfterEnd, type RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { Clock } from "./clock.ts";

export interface RestartLoopOptions {
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  settings(): RestartSettings;
  /** The time of the planned try has come. */
  onDue(): void;
}

interface PlannedTry {
  /** RFC 3339 */
  readonly at: string;
  /** Of the clock's monotonic milliseconds. */
  readonly dueMs: number;
  readonly timer: NodeJS.Timeout;
  readonly over: PromiseWithResolvers<void>;
}

/** The row of failures of one server, and the time of its next try. */
export class RestartLoop {
  private readonly options: RestartLoopOptions;
  private row = noFailures;
  private planned: PlannedTry | undefined;

  constructor(options: RestartLoopOptions) {
    this.options = options;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.row.failures;
  }

  /** RFC 3339; null when nothing is planned. */
  get nextTryAt(): string | null {
    return this.planned?.at ?? null;
  }

  /** Milliseconds until the planned try; undefined when there is none. */
  get dueInMs(): number | undefined {
    return this.planned && Math.max(0, this.planned.dueMs - this.options.clock.now());
  }

  /** Counts the end of a run, and plans the next try where there is to be one. */
  noteEnd(end: RunEnd): AfterEnd {
    this.cancel();
    const { random, settings } = this.options;
    const { row, next } = decideRestart({ end, before: this.row, restart: settings(), random: random() });
    this.row = row;
    if (next.kind === "retry") this.plan(next.delayMs);
    return next;
  }

  /** Settles when the planned try has begun, or when nobody plans it any more. */
  async whenTried(): Promise<void> {
    await this.planned?.over.promise;
  }

  /** Plans nothing; who waits for the try goes on. */
  cancel(): void {
    const { planned } = this;
    this.planned = undefined;
    clearTimeout(planned?.timer);
    planned?.over.resolve();
  }

  /** Goes on with the row of failures of an earlier MCPProxy. */
  resume(failures: number): void {
    this.row = { ...noFailures, failures };
  }

  /** A person or a changed config gives the server a new chance. */
  forget(): void {
    this.cancel();
    this.row = noFailures;
  }

  private plan(delayMs: number): void {
    const { clock, onDue } = this.options;
    const timer = setTimeout(() => {
      onDue();
      this.cancel();
    }, delayMs);
    timer.unref();
    this.planned = {
      at: new Date(Date.parse(clock.timestamp()) + delayMs).toISOString(),
      dueMs: clock.now() + delayMs,
      timer,
      over: Promise.withResolvers(),
    };
  }
}
