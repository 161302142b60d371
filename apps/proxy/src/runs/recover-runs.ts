import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { OwnedContainer, WorkloadEnd } from "../engine/engine.ts";
import { keepsContainer, keptForMs } from "./kept-containers.ts";
import { isOwnerAlive } from "./process-owner.ts";
import type { RunDependencies } from "./run-dependencies.ts";

/**
 * Closes what an earlier MCPProxy of this instance left open, after a crash or kill -9: its containers are stopped and
 * removed, its runs get a verdict. Runs that a living process watches are left alone. Needs a reachable engine.
 * Also for the return of an engine that was away while a run was stopped: its container may be left.
 */
export async function recoverRuns(
  dependencies: RunDependencies,
  options: { readonly keepExited: number; isLive(runId: string): boolean },
): Promise<void> {
  const { keepExited } = options;
  const owned = await dependencies.docker.listOwned(dependencies.instanceId);
  const open = await dependencies.store.runs.open();
  const settled = new Set<string>();
  for (const { run, owner } of open) {
    settled.add(run.id);
    if (isOwnerAlive(owner)) continue;
    const container = owned.find((candidate) => candidate.runId === run.id);
    try {
      const verdict = await closeRun(run, container, dependencies);
      if (container === undefined) continue;
      if (keepsContainer(verdict, keepExited)) await dependencies.kept.keep(run.server, container.id, keepExited);
      else await dependencies.docker.removeContainer(container.id);
    } catch (error) {
      // One container that the engine cannot end must not keep the others from it.
      dependencies.mainLog.error({ run: run.id, error }, "could not close a run of an earlier MCPProxy");
    }
  }
  const leftovers = owned.filter(({ runId }) => !settled.has(runId) && !options.isLive(runId));
  await removeLeftovers({ containers: leftovers, keepExited, dependencies });
}

/** The same for runs on the host, which end with the pipes of their MCPProxy: needs no engine. */
export async function recoverHostRuns(dependencies: RunDependencies): Promise<void> {
  for (const { run, owner } of await dependencies.store.runs.open()) {
    if (run.isolation === "none" && !isOwnerAlive(owner)) await closeRun(run, undefined, dependencies);
  }
}

async function closeRun(
  run: RunRecord,
  container: OwnedContainer | undefined,
  dependencies: RunDependencies,
): Promise<Verdict> {
  const { store, clock, docker, mainLog, feed } = dependencies;
  const intents = [...(await store.runs.intents(run.id))];
  const recovered: StopIntent = {
    at: clock.timestamp(),
    actor: "mcpproxy",
    reason: { kind: "policy", policy: "recovered", detail: "MCPProxy had ended without stopping it" },
  };
  if (container?.isRunning === true && intents.length === 0) {
    await store.runs.recordIntent(run.id, recovered);
    intents.push(recovered);
  }
  const end = container === undefined ? undefined : await docker.endAbandoned(container.id);
  // When MCPProxy dies, so do its servers' inputs: a clean exit after that was not the server's own idea.
  if (intents.length === 0 && end?.exitCode === 0) intents.push(recovered);
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
  mainLog.info(
    { server: run.server, run: run.id, verdict: verdict.kind },
    `run of an earlier MCPProxy closed: ${verdict.summary}`,
  );
  return verdict;
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

/** Running containers nobody watches go; of the exited ones the newest per server stays for a day, as after any failed run. */
async function removeLeftovers(input: {
  containers: readonly OwnedContainer[];
  keepExited: number;
  dependencies: RunDependencies;
}): Promise<void> {
  const { docker, kept, clock } = input.dependencies;
  const oldestFirst = input.containers.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
  for (const { id, server, isRunning, createdAt } of oldestFirst) {
    const isOld = Date.parse(clock.timestamp()) - Date.parse(createdAt) > keptForMs;
    if (isRunning || isOld) await docker.removeContainer(id);
    else await kept.keep(server, id, input.keepExited);
  }
}
