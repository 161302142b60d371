import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { RunFeed } from "../runs/run-feed.ts";
import { BackoffClock } from "./backoff-clock.ts";
import { Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";
import { renderMetrics } from "./metric-family.ts";
import { stateFamilies, type ProxyNow } from "./state-families.ts";

const startBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];
const callBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const rememberedRunsMax = 5_000;

/** What is counted since MCPProxy started; the history in the database has what was before. */
export class ProxyMetrics {
  private readonly runs = new Counter({ name: "mcpproxy_runs_total", help: "Ended runs by server and verdict." });
  private readonly outOfMemory = new Counter({
    name: "mcpproxy_oom_total",
    help: "Ended runs in which something was killed for memory.",
  });
  private readonly restarts = new Counter({
    name: "mcpproxy_restarts_total",
    help: "Runs that were begun to replace one that ended.",
  });
  private readonly lostCalls = new Counter({
    name: "mcpproxy_calls_lost_total",
    help: "Calls that were in flight when their run ended.",
  });
  private readonly starts = new Histogram(
    { name: "mcpproxy_start_duration_seconds", help: "Steps of starts that succeeded." },
    startBounds,
  );
  private readonly calls = new Histogram(
    { name: "mcpproxy_call_duration_seconds", help: "Requests of clients, from the client's to the server's answer." },
    callBounds,
  );
  private readonly backoff: BackoffClock;
  /** The feed tells the same run many times; each of its steps counts once. */
  private readonly seen = new Map<string, Set<"begun" | "ready" | "ended">>();

  /** `now` gives monotonic milliseconds. */
  constructor(feed: Pick<RunFeed, "subscribe">, now: () => number = () => performance.now()) {
    this.backoff = new BackoffClock(now);
    feed.subscribe((change) => {
      if (change.kind === "run") this.countRun(change.run);
      if (change.kind === "server") this.backoff.note(change.server.name, change.server.state);
      if (change.kind === "server-removed") this.backoff.note(change.name, undefined);
    });
  }

  /** One answered request of a client. */
  observeCall(call: { readonly server: string; readonly durationMs: number }): void {
    this.calls.observe({ server: call.server }, call.durationMs / 1_000);
  }

  /** The page of a scrape: the counts, and how things are right now. */
  render(now: ProxyNow): string {
    const { runs, outOfMemory, restarts, backoff, lostCalls, starts, calls } = this;
    const counted = [runs, outOfMemory, restarts, backoff, lostCalls, starts, calls];
    return renderMetrics([...counted.map((metric) => metric.family()), ...stateFamilies(now)]);
  }

  private countRun(run: RunRecord): void {
    const { server } = run;
    if (run.restartOf !== null && this.isFirst(run.id, "begun")) this.restarts.add({ server });
    if (run.readyAt !== null && this.isFirst(run.id, "ready")) this.countStart(run);
    if (run.state === "ended" && run.verdict !== null && this.isFirst(run.id, "ended"))
      this.countEnd(run, run.verdict.kind);
  }

  private countStart({ server, timings }: RunRecord): void {
    const steps = {
      pull: timings.pullMs,
      create: timings.createMs,
      start: timings.startMs,
      initialize: timings.initializeMs,
    };
    for (const [step, durationMs] of Object.entries(steps))
      if (durationMs !== null) this.starts.observe({ server, step }, durationMs / 1_000);
  }

  private countEnd(run: RunRecord, verdict: string): void {
    const { server } = run;
    this.runs.add({ server, verdict });
    if (run.oomKilled || verdict.startsWith("oom_")) this.outOfMemory.add({ server });
    this.lostCalls.add({ server }, run.callsInFlight.length);
  }

  private isFirst(runId: string, step: "begun" | "ready" | "ended"): boolean {
    const steps = this.seen.get(runId) ?? new Set();
    if (steps.has(step)) return false;
    this.seen.set(runId, steps.add(step));
    const [oldest] = this.seen.keys();
    if (this.seen.size > rememberedRunsMax && oldest !== undefined) this.seen.delete(oldest);
    return true;
  }
}
