import type { HealthCheckSettings } from "@mcpproxy/core/plan/effective-settings";
import type { SentPing } from "./ping-server.ts";

export interface HealthCheckOptions {
  settings(): HealthCheckSettings;
  /** How long no call of a client has been in flight; 0 while there is one. */
  quietForMs(): number;
  /** It cannot answer, through no fault of its own: its container is paused. */
  isExcused(): boolean;
  ping(onAnswer: () => void): SentPing;
  /** The first of a row of pings without an answer. */
  onFailed(): void;
  onPassedAgain(): void;
  onUnhealthy(failures: number): void;
}

/** How soon a changed setting is noticed while it is off. */
const offLookMs = 60_000;

/**
 * Pings a run that had no call in flight, and no new one, for the interval; any answer will do. A ping during which a
 * call comes counts for nothing. Who has never answered a ping is not judged by it: some servers ignore what they do
 * not know, and are soon left alone.
 */
export class HealthCheck {
  private readonly options: HealthCheckOptions;
  private timer: NodeJS.Timeout | undefined;
  private ping: SentPing | undefined;
  private hasAnswered = false;
  /** In a row. */
  private failures = 0;

  constructor(options: HealthCheckOptions) {
    this.options = options;
  }

  start(): void {
    this.plan(this.options.settings().intervalMs ?? offLookMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.ping?.giveUp();
    this.ping = undefined;
  }

  private plan(delayMs: number): void {
    this.timer = setTimeout(() => this.look(), delayMs);
    this.timer.unref();
  }

  private look(): void {
    const { settings, quietForMs, isExcused } = this.options;
    const { intervalMs } = settings();
    if (intervalMs === null) this.plan(offLookMs);
    else if (quietForMs() < intervalMs) this.plan(intervalMs - quietForMs());
    else if (isExcused()) this.plan(intervalMs);
    else this.ask(intervalMs);
  }

  private ask(intervalMs: number): void {
    const { ping, settings } = this.options;
    const { timeoutMs } = settings();
    this.timer = setTimeout(() => {
      this.stop();
      this.noteSilence({ timeoutMs, intervalMs });
    }, timeoutMs);
    this.timer.unref();
    this.ping = ping(() => {
      this.ping = undefined;
      clearTimeout(this.timer);
      this.noteAnswer();
      this.plan(intervalMs);
    });
  }

  private noteAnswer(): void {
    this.hasAnswered = true;
    if (this.failures > 0) this.options.onPassedAgain();
    this.failures = 0;
  }

  private noteSilence({ timeoutMs, intervalMs }: { readonly timeoutMs: number; readonly intervalMs: number }): void {
    const { quietForMs, isExcused, settings } = this.options;
    const isJudged = quietForMs() >= timeoutMs && !isExcused();
    if (isJudged) this.countFailure();
    if (this.failures < settings().failures) this.plan(intervalMs);
    else if (this.hasAnswered) this.options.onUnhealthy(this.failures);
  }

  private countFailure(): void {
    this.failures += 1;
    if (this.failures === 1 && this.hasAnswered) this.options.onFailed();
  }
}
