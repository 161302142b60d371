import { toDockerRunArgs } from "@mcpproxy/core/docker/docker-run-args";
import type { ContainerIdentity, IsolationPlan, PlanResult } from "@mcpproxy/core/plan/isolation-plan";
import { configSnapshotOf, type ConfigSnapshot } from "@mcpproxy/core/run/config-snapshot";
import type { RunEngine, RunRecord, RunTrigger } from "@mcpproxy/core/run/run-record";
import type { ContainerEngine } from "../engine/engine.ts";
import { planDockerCommand } from "./docker-command-plan.ts";
import { newIdentity } from "./new-identity.ts";
import type { RunDependencies } from "./run-dependencies.ts";

/** A plan that may run, and the engine that the container runs on, or on which a user's own `docker run` is watched. */
export type RunnablePlan =
  | (Extract<PlanResult, { kind: "isolated" }> & { readonly engine: ContainerEngine; readonly place: RunEngine })
  | (Extract<PlanResult, { kind: "direct" }> & { readonly engine: ContainerEngine | undefined });

/** Deadlines and graces are the same for a container and a host process. */
export function timeoutsOf(plan: RunnablePlan): IsolationPlan["timeouts"] {
  return plan.kind === "isolated" ? plan.plan.timeouts : plan.launch.timeouts;
}

export interface RunDecision {
  readonly plan: RunnablePlan;
  readonly trigger: RunTrigger;
  /** The run before this one, when it ended badly and this one takes its place. */
  readonly restartOf: string | null;
  readonly attempt: number;
  /** How many exited containers of failed runs stay per server. */
  readonly keepExited: number;
  /** The run is one session's own, and goes with it. */
  readonly isSessionScoped: boolean;
}

/** The row of a run at the moment it is decided, what it is started from, and for a container who it will be. */
export function firstRecord(
  decision: RunDecision,
  dependencies: RunDependencies,
): { record: RunRecord; identity: ContainerIdentity; snapshot: ConfigSnapshot } {
  const { plan } = decision;
  const server = plan.kind === "isolated" ? plan.plan.server : plan.launch.server;
  const identity = newIdentity(server, dependencies);
  const snapshot = configSnapshotOf({ server, plan, ...dependencies });
  const record: RunRecord = {
    ...emptyRecord,
    id: identity.runId,
    server,
    startedAt: identity.createdAt,
    state: plan.kind === "isolated" ? "pulling" : "creating",
    trigger: decision.trigger,
    restartOf: decision.restartOf,
    attempt: decision.attempt,
    ...(plan.kind === "isolated" ? containerFields(plan, identity) : directFields(plan, identity)),
  };
  return {
    record: {
      ...record,
      command: redacted(record.command, dependencies),
      dockerRunArgs: record.dockerRunArgs && redacted(record.dockerRunArgs, dependencies),
      configHash: snapshot.hash,
    },
    identity,
    snapshot,
  };
}

function containerFields(
  { plan, place }: RunnablePlan & { kind: "isolated" },
  identity: ContainerIdentity,
): Partial<RunRecord> {
  return {
    isolation: "docker",
    engine: place,
    containerName: identity.name,
    image: plan.image,
    command: plan.command,
    dockerRunArgs: toDockerRunArgs(plan, identity),
    limits: {
      memoryBytes: plan.limits.memoryBytes,
      cpus: plan.limits.cpus,
      pids: plan.limits.pids,
      network: plan.network.mode,
    },
  };
}

/** A docker command of the user's own has its container, when MCPProxy can watch it. */
function directFields(plan: RunnablePlan & { kind: "direct" }, identity: ContainerIdentity): Partial<RunRecord> {
  const command = planDockerCommand(plan, identity);
  if (plan.launch.remote !== undefined) return { isolation: "remote", command: plan.launch.command };
  if (command === undefined) return { isolation: "none", command: plan.launch.command };
  const { image } = command.dockerRun;
  if (command.kind === "unwatched") return { isolation: "none", image, command: command.shownCommand };
  const { context, endpoint } = command.engine.status;
  return {
    isolation: "docker",
    engine: { context, endpoint },
    containerName: command.containerName,
    image,
    command: command.shownCommand,
    dockerRunArgs: command.shownArgs,
  };
}

/** People do put tokens into arguments; what is shown and stored must not repeat the known ones. */
function redacted(words: readonly string[], dependencies: RunDependencies): readonly string[] {
  return words.map((word) => dependencies.redact(word));
}

const emptyRecord: Omit<RunRecord, "id" | "server" | "startedAt"> = {
  state: "creating",
  verdict: null,
  isolation: "docker",
  engine: null,
  isolationReport: null,
  containerId: null,
  containerName: null,
  image: null,
  imageDigest: null,
  imageBuiltFromHost: null,
  command: [],
  dockerRunArgs: null,
  limits: { memoryBytes: null, cpus: null, pids: null, network: null },
  readyAt: null,
  endedAt: null,
  durationMs: null,
  timings: { pullMs: null, createMs: null, startMs: null, initializeMs: null },
  exitCode: null,
  signal: null,
  oomKilled: false,
  peakMemoryBytes: null,
  restartOf: null,
  attempt: 1,
  trigger: "call",
  stoppedBy: null,
  sessions: 0,
  callsTotal: 0,
  callsInFlight: [],
  stderrTail: [],
  configHash: null,
};
