import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { expect, test } from "vitest";
import { RunFeed } from "../runs/run-feed.ts";
import { makeRun } from "../store/testing/make-run.ts";
import { BackoffClock } from "./backoff-clock.ts";
import { Histogram } from "./histogram.ts";
import { renderMetrics } from "./metric-family.ts";
import { ProxyMetrics } from "./proxy-metrics.ts";

const status = {
  version: "1.2.3",
  instanceId: "i",
  startedAt: "2026-11-23T19:00:00.000Z",
  configPath: "/c",
  configIssues: [],
  configWarnings: [],
  problems: [],
  engine: {
    state: "available",
    context: "default",
    endpoint: "unix:///a",
    version: null,
    apiVersion: null,
    cgroupVersion: null,
    memoryBytes: null,
    warnings: [],
    problem: null,
    checkedAt: "",
  },
  contexts: [],
} as const;
const now = { servers: [], status, room: { inUse: 3, limit: 200, waitingCount: 1 } };

function ended(run: RunRecord): RunRecord {
  const verdict = { kind: "oom_killed", confidence: "certain", summary: "x", evidence: [] } as const;
  const call = { method: "tools/call", sessionId: "s", ageMs: 1 };
  return { ...run, state: "ended", verdict, oomKilled: true, callsInFlight: [call, call] };
}

test("each step of a run counts once, however often the feed tells it", () => {
  const feed = new RunFeed();
  const metrics = new ProxyMetrics(feed);
  const run = makeRun({
    server: "a",
    restartOf: "before",
    timings: { pullMs: null, createMs: 90, startMs: 200, initializeMs: 700 },
  });
  const ready: RunRecord = { ...run, state: "ready", readyAt: run.startedAt };
  for (const record of [run, ready, ready, ended(ready), ended(ready)]) feed.publish({ kind: "run", run: record });
  const text = metrics.render(now);
  for (const line of [
    'mcpproxy_runs_total{server="a",verdict="oom_killed"} 1',
    'mcpproxy_oom_total{server="a"} 1',
    'mcpproxy_restarts_total{server="a"} 1',
    'mcpproxy_calls_lost_total{server="a"} 2',
    'mcpproxy_start_duration_seconds_bucket{server="a",step="create",le="0.1"} 1',
    'mcpproxy_start_duration_seconds_bucket{server="a",step="initialize",le="0.5"} 0',
    'mcpproxy_start_duration_seconds_bucket{server="a",step="initialize",le="1"} 1',
    "mcpproxy_containers 3",
    "mcpproxy_containers_limit 200",
    "mcpproxy_containers_awaited 1",
    'mcpproxy_engine_available{context="default",endpoint="unix:///a"} 1',
  ])
    expect(text.split("\n")).toContain(line);
  expect(text).not.toContain('step="pull"');
});

test("the time that a server waits for its next try is counted up to now, and no more once it starts", () => {
  let nowMs = 0;
  const clock = new BackoffClock(() => nowMs);
  const seconds = (): number | undefined => clock.family().samples[0]?.value;
  clock.note("a", "starting");
  nowMs = 1_000;
  clock.note("a", "backing_off");
  nowMs = 3_000;
  expect(seconds()).toBe(2);
  clock.note("a", "crash_looping");
  nowMs = 4_000;
  clock.note("a", "creating");
  nowMs = 9_000;
  clock.note("a", "backing_off");
  nowMs = 9_500;
  clock.note("a", undefined);
  nowMs = 20_000;
  expect(seconds()).toBe(3.5);
});

test("a histogram counts into every bucket from the first that holds the value", () => {
  const histogram = new Histogram({ name: "h", help: "Help." }, [0.1, 1]);
  for (const seconds of [0.1, 0.5, 7]) histogram.observe({ server: "a" }, seconds);
  expect(renderMetrics([histogram.family()])).toBe(
    [
      "# HELP h Help.",
      "# TYPE h histogram",
      'h_bucket{server="a",le="0.1"} 1',
      'h_bucket{server="a",le="1"} 2',
      'h_bucket{server="a",le="+Inf"} 3',
      'h_sum{server="a"} 7.6',
      'h_count{server="a"} 3',
      "",
    ].join("\n"),
  );
});

test("label values are escaped", () => {
  const labels = { server: 'a"b\\c\nd' };
  expect(renderMetrics([{ name: "g", help: "h", type: "gauge", samples: [{ labels, value: 1 }] }])).toContain(
    String.raw`g{server="a\"b\\c\nd"} 1`,
  );
});

test("ever new servers do not fill the memory", () => {
  const metrics = new ProxyMetrics(new RunFeed());
  for (let index = 0; index < 10_000; index += 1) metrics.observeCall({ server: `s${index}`, durationMs: 1 });
  expect(metrics.render(now).split("\n").length).toBeLessThan(2_000 * 18 + 100);
});
