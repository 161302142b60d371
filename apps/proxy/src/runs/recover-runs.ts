import { classifyExit } from "@mcpproxy/core/verdict/classify-exit";
import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import type { RunEngine, RunRecord } from "@mcpproxy/core/run/run-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { ContainerEngine, OwnedContainer, WorkloadEnd } from "../engine/engine.ts";
import { keepsContainer, keptForMs, type KeptContainer } from "./kept-containers.ts";
import { isOwnerAlive } from "./process-owner.ts";
import type { RunDependencies } from "./run-dependencies.ts";

export interface RecoverOptions {
  readonly engine: ContainerEngine;
  /** How many exited containers of failed runs stay per server. */
  readonly keepExited: number;
  isLive(runId: string): boolean;
}

/**
 * Closes what an earlier MCPProxy of this instance left open on this engine, after a crash or kill -9: its containers
 * are stopped and removed, its runs get a verdict. Runs that a living process watches are left alone, and so are those
 * of other engines. Needs a reachable engine.
 * Also for the return of an engine that was away while a run was stopped: its container may be left.
 */
export async function recoverRuns(dependencies: RunDependencies, options: RecoverOptions): Promise<void> {
  const { engine, keepExited } = options;
  const owned = await engine.listOwned(dependencies.instanceId);
  const open = await dependencies.store.runs.open();
  const settled = new Set<string>();
  for (const { run, owner } of open) {
    settled.add(run.id);
    const container = owned.find((candidate) => candidate.runId === run.id);
    const isHere = container !== undefined || dependencies.engines.isPlaceOf(engine, run.engine);
    if (!isHere || run.isolation === "none" || isOwnerAlive(owner)) continue;
    try {
      const verdict = await closeRun({ run, container, engine, dependencies });
      if (container === undefined) continue;
      if (keepsContainer(verdict, keepExited)) await dependencies.kept.keep(keptOn(engine, container), keepExited);
      else await engine.removeContainer(container.id);
    } catch (error) {
      // One container that the engine cannot end must not keep the others from it.
      dependencies.mainLog.error({ run: run.id, error }, "could not close a run of an earlier MCPProxy");
    }
  }
  const leftovers = owned.filter(({ runId }) => !settled.has(runId) && !options.isLive(runId));
  await removeLeftovers({ containers: leftovers, engine, keepExited, dependencies });
}

/** The same for runs of an engine that cannot be reached or found any more: without it nothing tells how they ended. */
export async function closeLostRuns(
  dependencies: RunDependencies,
  lost: { readonly place: RunEngine; readonly reason: string },
): Promise<void> {
  const { store, clock, mainLog } = dependencies;
  const { context, endpoint } = lost.place;
  for (const { run, owner } of await store.runs.open()) {
    const isThere = run.engine?.context === context && run.engine.endpoint === endpoint;
    if (!isThere || isOwnerAlive(owner)) continue;
    const message = `Its engine ${endpoint} (${context}) is not the one of any server any more, and cannot be asked: ${lost.reason}`;
    const at = clock.timestamp();
    await store.runs.addEvent({ runId: run.id, at, kind: "engine-lost", message, durationMs: null });
    await closeRun({ run, container: undefined, dependencies });
    mainLog.warn(
      { server: run.server, run: run.id, container: run.containerName },
      `${message} If the container is still there, remove it with \`docker -H ${endpoint} rm -f ${run.containerName ?? ""}\`.`,
    );
  }
}

/** The same for runs on the host, which end with the pipes of their MCPProxy: needs no engine. */
export async function recoverHostRuns(dependencies: RunDependencies): Promise<void> {
  for (const { run, owner } of await dependencies.store.runs.open()) {
    if (run.isolation === "none" && !isOwnerAlive(owner)) await closeRun({ run, container: undefined, dependencies });
  }
}

type ClosedRun = { readonly run: RunRecord; readonly dependencies: RunDependencies } & (
  | { readonly container: OwnedContainer | undefined; readonly engine: ContainerEngine }
  | { readonly container: undefined; readonly engine?: undefined }
);

async function closeRun({ run, container, engine, dependencies }: ClosedRun): Promise<Verdict> {
  const { store, clock, mainLog, feed } = dependencies;
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
  const end = container === undefined ? undefined : await engine.endAbandoned(container.id);
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
  engine: ContainerEngine;
  keepExited: number;
  dependencies: RunDependencies;
}): Promise<void> {
  const { engine } = input;
  const { kept, clock } = input.dependencies;
  const oldestFirst = input.containers.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
  for (const container of oldestFirst) {
    const isOld = Date.parse(clock.timestamp()) - Date.parse(container.createdAt) > keptForMs;
    if (container.isRunning || isOld) await engine.removeContainer(container.id);
    else await kept.keep(keptOn(engine, container), input.keepExited);
  }
}

function keptOn(engine: ContainerEngine, { server, id }: OwnedContainer): KeptContainer {
  return { server, containerId: id, remove: () => engine.removeContainer(id) };
}
