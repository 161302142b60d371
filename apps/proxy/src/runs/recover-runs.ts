import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { OwnedContainer, WorkloadEnd } from "../engine/engine.ts";
import { isOwnerAlive } from "./process-owner.ts";
import type { RunDependencies } from "./run-dependencies.ts";

/**
 * Closes what an earlier MCPProxy of this instance left open, after a crash or kill -9: its containers are stopped and
 * removed, its runs get a verdict. Runs that another living process watches are left alone. Needs a reachable engine.
 */
export async function recoverRuns(dependencies: RunDependencies): Promise<void> {
  const owned = await dependencies.docker.listOwned(dependencies.instanceId);
  const open = await dependencies.store.runs.open();
  const watched = new Set<string>();
  for (const { run, owner } of open) {
    if (isOwnerAlive(owner)) watched.add(run.id);
    else await closeRun(run, owned.find((container) => container.runId === run.id), dependencies);
  }
  await removeLeftovers(owned.filter((container) => !watched.has(container.runId)), dependencies);
}

async function closeRun(run: RunRecord, container: OwnedContainer | undefined, dependencies: RunDependencies): Promise<void> {
  const { store, clock, docker, mainLog, feed } = dependencies;
  const intents = [...(await store.runs.intents(run.id))];
  if (container?.isRunning === true && intents.length === 0) {
    const intent: StopIntent = {
      at: clock.timestamp(),
      actor: "mcpproxy",
      reason: { kind: "policy", policy: "recovered", detail: "MCPProxy had ended without stopping it" },
    };
    await store.runs.recordIntent(run.id, intent);
    intents.push(intent);
  }
  const end = container === undefined ? undefined : await docker.endAbandoned(container.id);
  const verdict = classifyExit(abandonedEvidence({ run, end, intents, now: clock.timestamp() }));
  const endedAt = end?.endedAt ?? clock.timestamp();
  const changes: Partial<RunRecord> = {
    state: "ended",
    verdict,
    endedAt,
    durationMs: Math.max(0, Date.parse(endedAt) - Date.parse(run.startedAt)),
    exitCode: end?.exitCode ?? null,
    oomKilled: end?.isOomFlagSet ?? false,
    stoppedBy: intents.at(-1)?.actor ?? null,
  };
  await store.runs.update(run.id, changes);
  await store.runs.addEvent({ runId: run.id, at: endedAt, kind: "ended", message: verdict.summary, durationMs: null });
  feed.publish({ kind: "run", run: { ...run, ...changes } });
  mainLog.info({ server: run.server, run: run.id, verdict: verdict.kind }, `run of an earlier MCPProxy closed: ${verdict.summary}`);
}

function abandonedEvidence(input: {
  run: RunRecord;
  end: WorkloadEnd | undefined;
  intents: readonly StopIntent[];
  now: string;
}): Parameters<typeof classifyExit>[0] {
  const { run, end, intents, now } = input;
  return {
    isolation: run.isolation,
    command: run.command,
    ...(run.image === null ? {} : { image: run.image }),
    startedAt: run.startedAt,
    ...(run.readyAt === null ? {} : { readyAt: run.readyAt }),
    endedAt: end?.endedAt ?? now,
    containerState: end?.containerState ?? "none",
    ...(end?.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    isOomFlagSet: end?.isOomFlagSet ?? false,
    ...(end?.stateError === undefined ? {} : { stateError: end.stateError }),
    events: end?.events ?? [],
    intents,
    stopSteps: [],
    memory: {
      ...(run.limits.memoryBytes === null ? {} : { limitBytes: run.limits.memoryBytes }),
      ...(run.peakMemoryBytes === null ? {} : { peakBytes: run.peakMemoryBytes }),
    },
    stderrTail: run.stderrTail,
    eventGap: { from: run.startedAt, to: now },
    otherDeathsInSameSecond: 0,
    isSessionScoped: false,
    stopTimeoutMs: 10_000,
  };
}

/** Running containers nobody watches go; of the exited ones the newest per server stays, as after any failed run. */
async function removeLeftovers(containers: readonly OwnedContainer[], dependencies: RunDependencies): Promise<void> {
  const oldestFirst = containers.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
  for (const container of oldestFirst) {
    if (container.isRunning) await dependencies.docker.removeContainer(container.id);
    else await dependencies.kept.keep(container.server, container.id, 1);
  }
}
