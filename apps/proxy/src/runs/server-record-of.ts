import type { ServerRecord, ServerState } from "@mcpproxy/core/run/server-record";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import type { LiveRun } from "./live-run.ts";
import type { ServerSpec } from "./server-spec.ts";

export interface ServerView {
  readonly spec: ServerSpec;
  readonly state: ServerState;
  readonly engine: EngineStatus;
  readonly live: LiveRun | undefined;
  readonly imageBuiltFromHost: string | null;
  readonly lastVerdict: ServerRecord["lastVerdict"];
  readonly callsTotal: number;
  readonly callsInFlight: number;
  readonly sessions: number;
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
    problem: problemOf(view),
    isolation: plan.kind === "isolated" ? "docker" : plan.kind === "direct" ? "none" : "refused",
    command: command.map((word) => view.redact(word)),
    image: plan.kind === "isolated" ? plan.plan.image : null,
    imageBuiltFromHost: view.imageBuiltFromHost,
    limits: limitsOf(spec),
    warnings: plan.kind === "refused" ? [] : plan.warnings,
    pull: live?.pull ?? null,
    run: live === undefined ? null : runOf(view, live),
    lastVerdict: view.lastVerdict,
  };
}

function problemOf({ spec, state, engine }: ServerView): ServerRecord["problem"] {
  if (spec.plan.kind === "refused") return spec.plan.refusal;
  if (state !== "engine_unavailable") return null;
  const { message, remedy } = engine.problem ?? { message: "Docker is not reachable.", remedy: "Start Docker." };
  return { code: "engine_unavailable", message, remedy };
}

function limitsOf({ plan }: ServerSpec): ServerRecord["limits"] {
  if (plan.kind !== "isolated") return { memoryBytes: null, cpus: null, pids: null, network: null };
  const { limits, network } = plan.plan;
  return { memoryBytes: limits.memoryBytes, cpus: limits.cpus, pids: limits.pids, network };
}

function runOf(view: ServerView, live: LiveRun): ServerRecord["run"] {
  const { record } = live.recorder;
  return {
    id: record.id,
    containerId: record.containerId,
    containerName: record.containerName,
    startedAt: record.startedAt,
    readyAt: record.readyAt,
    memoryBytes: live.latestMemory?.workingSetBytes ?? null,
    peakMemoryBytes: live.latestMemory?.peakBytes ?? null,
    sessions: view.sessions,
    callsTotal: view.callsTotal,
    callsInFlight: view.callsInFlight,
  };
}
