import type { Bridge } from "../bridge/bridge.ts";

export interface IdleWatchOptions {
  readonly bridge: Pick<Bridge, "quietForMs" | "hasSubscriptions">;
  /** Null never. */
  timeoutMs(): number | null;
  onIdle(timeoutMs: number): void;
}

/**
 * Tells when a run had no call in flight, and no new one, for the idle timeout. Open streams do not count; subscriptions
 * to resources do, because nobody would send their updates.
 */
export class IdleWatch {
  private readonly options: IdleWatchOptions;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: IdleWatchOptions) {
    this.options = options;
  }

  /** From now on; also takes over a changed timeout. */
  start(): void {
    this.stop();
    this.check();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private check(): void {
    const timeoutMs = this.options.timeoutMs();
    if (timeoutMs === null) return;
    const { quietForMs, hasSubscriptions } = this.options.bridge;
    const leftMs = hasSubscriptions ? timeoutMs : timeoutMs - quietForMs;
    if (leftMs <= 0) {
      this.options.onIdle(timeoutMs);
      return;
    }
    this.timer = setTimeout(() => this.check(), leftMs);
    this.timer.unref();
  }
}
