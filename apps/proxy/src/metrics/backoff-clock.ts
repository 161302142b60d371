import type { ServerState } from "@mcpproxy/core/run/server-record";
import { Counter } from "./counter.ts";
import type { MetricFamily } from "./metric-family.ts";

const waitingStates: ReadonlySet<ServerState> = new Set(["backing_off", "crash_looping"]);

/** How long servers have waited for their next try after failures; what is going on counts up to now. */
export class BackoffClock {
  private readonly seconds = new Counter({
    name: "mcpproxy_backoff_seconds_total",
    help: "Time that servers waited for their next try after failures.",
  });
  private readonly waitingSinceMs = new Map<string, number>();
  private readonly now: () => number;

  /** Monotonic milliseconds. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** A server is in this state now; undefined when it is gone. */
  note(server: string, state: ServerState | undefined): void {
    this.settle(server);
    if (state === undefined || !waitingStates.has(state)) this.waitingSinceMs.delete(server);
    else if (!this.waitingSinceMs.has(server)) this.waitingSinceMs.set(server, this.now());
  }

  family(): MetricFamily {
    for (const server of this.waitingSinceMs.keys()) this.settle(server);
    return this.seconds.family();
  }

  private settle(server: string): void {
    const sinceMs = this.waitingSinceMs.get(server);
    if (sinceMs === undefined) return;
    const nowMs = this.now();
    this.seconds.add({ server }, (nowMs - sinceMs) / 1_000);
    this.waitingSinceMs.set(server, nowMs);
  }
}
