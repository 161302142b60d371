import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { Finding } from "@mcpproxy/core/plan/finding";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { toolFilterFindings } from "@mcpproxy/core/tools/tool-filter-findings";
import type { LiveRun } from "./live-run.ts";
import { restProblem } from "./rest-problem.ts";
import type { ServerSpec } from "./server-spec.ts";
import { roomAwaitedMessage } from "./start-turn.ts";

export interface ServerView {
  readonly spec: ServerSpec;
  /** Names of its tools, as far as it has told them. */
  readonly knownTools: readonly string[] | undefined;
  readonly state: ServerState;
  /** Of the engine that its next run would go to; undefined for a server without a container. */
  readonly engine: EngineStatus | undefined;
  readonly live: LiveRun | undefined;
  readonly imageBuiltFromHost: string | null;
  readonly lastVerdict: ServerRecord["lastVerdict"];
  readonly callsTotal: number;
  readonly callsInFlight: number;
  readonly sessions: number;
  readonly runs: number;
  readonly heldBy: string | null;
  readonly nextTryAt: string | null;
  /** The places for containers, in use and at most. */
  readonly room: { readonly containers: number; readonly maxContainers: number };
  /** In a row, before the run that lives now. */
  readonly failures: number;
  redact: Redactor;
}

/** The server's row as the API and the dashboard show it. */
export function serverRecordOf(view: ServerView): ServerRecord {
  const { spec, live } = view;
  const { plan } = spec;
  const command = plan.kind === "isolated" ? plan.plan.command : plan.kind === "direct" ? plan.launch.command : [];
  return {
    name: spec.name,
    enabled: spec.isEnabled,
    state: view.state,
    nextTryAt: view.nextTryAt,
    attempt: view.failures + 1,
    heldBy: view.heldBy,
    runs: view.runs,
    problem: problemOf(view),
    isolation: isolationOf(plan),
    command: command.map((word) => view.redact(word)),
    image: imageOf(plan),
    imageBuiltFromHost: view.imageBuiltFromHost,
    limits: limitsOf(view),
    findings: findingsOf(view).map((finding) => redactedFinding(finding, view.redact)),
    pull: live?.pull ?? null,
    run: live === undefined ? null : runOf(view, live),
    lastVerdict: view.lastVerdict,
  };
}

function findingsOf({ spec: { plan, tools }, knownTools }: ServerView): readonly Finding[] {
  return plan.kind === "refused" ? [] : [...plan.findings, ...toolFilterFindings(tools, knownTools)];
}

/** People do put tokens into paths and arguments. */
function redactedFinding(finding: Finding, redact: Redactor): Finding {
  return { ...finding, message: redact(finding.message), remedy: redact(finding.remedy) };
}

function problemOf(view: ServerView): ServerRecord["problem"] {
  const { spec, state, engine, live } = view;
  if (spec.plan.kind === "refused") return spec.plan.refusal;
  if (live?.isPaused === true) return pausedProblem(live);
  if (live?.turn.isWaitingForRoom === true) return roomProblem(view);
  if (state !== "engine_unavailable") {
    const { lastVerdict, failures } = view;
    return restProblem({ state, lastVerdict, failures, maxAttempts: spec.supervision.restart.maxAttempts }) ?? null;
  }
  const { message, remedy } = engine?.problem ?? { message: "Docker is not reachable.", remedy: "Start Docker." };
  return { code: "engine_unavailable", message, remedy };
}

function roomProblem({ room }: ServerView): ServerRecord["problem"] {
  return {
    code: "max_containers",
    message: roomAwaitedMessage(room),
    remedy: "It starts as soon as there is a place: stop a server, or raise max_containers in docker_isolation.",
  };
}

/** It runs, and serves nobody: shown as ready alone it would look well. */
function pausedProblem({ recorder }: LiveRun): ServerRecord["problem"] {
  const { containerName, containerId } = recorder.record;
  const container = containerName ?? containerId ?? "";
  return {
    code: "paused_outside",
    message: `The container ${container} was paused from outside; calls wait.`,
    remedy: `Let it go on with \`docker unpause ${container}\`, or restart the server.`,
  };
}

/** The user's own `docker run` is a container too, though not one of our making. */
function bringsContainer(plan: ServerSpec["plan"]): boolean {
  return plan.kind === "isolated" || (plan.kind === "direct" && plan.launch.dockerRun !== undefined);
}

function isolationOf(plan: ServerSpec["plan"]): ServerRecord["isolation"] {
  if (plan.kind === "refused") return "refused";
  if (plan.kind === "direct" && plan.launch.remote !== undefined) return "remote";
  return bringsContainer(plan) ? "docker" : "none";
}

function imageOf(plan: ServerSpec["plan"]): string | null {
  if (plan.kind === "isolated") return plan.plan.image;
  return plan.kind === "direct" ? (plan.launch.dockerRun?.image ?? null) : null;
}

function limitsOf({ spec: { plan }, live }: ServerView): ServerRecord["limits"] {
  if (plan.kind !== "isolated")
    return live?.recorder.record.limits ?? { memoryBytes: null, cpus: null, pids: null, network: null };
  const { limits, network } = plan.plan;
  return { memoryBytes: limits.memoryBytes, cpus: limits.cpus, pids: limits.pids, network: network.mode };
}

function runOf(view: ServerView, live: LiveRun): ServerRecord["run"] {
  const { record } = live.recorder;
  return {
    id: record.id,
    containerId: record.containerId,
    containerName: record.containerName,
    startedAt: record.startedAt,
    readyAt: record.readyAt,
    memoryBytes: live.samples.latest?.workingSetBytes ?? null,
    peakMemoryBytes: live.samples.latest?.peakBytes ?? null,
    cpuCores: live.samples.latest?.cpuCores ?? null,
    sessions: view.sessions,
    callsTotal: view.callsTotal,
    callsInFlight: view.callsInFlight,
    isolationScore: record.isolationReport?.score ?? null,
  };
}
