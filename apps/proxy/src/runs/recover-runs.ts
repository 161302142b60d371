import type { RunEngine } from "@mcpproxy/core/run/run-record";
import type { ContainerEngine, OwnedContainer } from "../engine/engine.ts";
import { closeAbandonedRun } from "./close-abandoned-run.ts";
import { keepsContainer, keptForMs, type KeptContainer } from "./kept-containers.ts";
import { isOwnerAlive } from "./process-owner.ts";
import type { RunDependencies } from "./run-dependencies.ts";

export interface RecoverOptions {
  readonly engine: ContainerEngine;
  /** How many exited containers of failed runs stay per server. */
  readonly keepExited: number;
  isLive(runId: string): boolean;
  /** Containers of servers that are gone from the config are not kept. */
  isConfigured(server: string): boolean;
  /**
   * What else of this instance goes: at the start everything; later only what was made for a run, because a person may
   * have pasted the printed docker command, whose container bears the same labels.
   */
  readonly leftovers: "all" | "of-runs";
}

/**
 * Closes what an earlier MCPProxy of this instance left open on this engine, after a crash or kill -9: its containers
 * are stopped and removed, its runs get a verdict. Runs that a living process watches are left alone, and so are those
 * of other engines. Needs a reachable engine.
 * Also for the return of an engine that was away while a run was stopped: its container may be left.
 */
export async function recoverRuns(dependencies: RunDependencies, options: RecoverOptions): Promise<void> {
  const { engine } = options;
  const keepExitedOf = (server: string): number => (options.isConfigured(server) ? options.keepExited : 0);
  const owned = await engine.listOwned(dependencies.instanceId);
  const open = await dependencies.store.runs.open();
  const settled = new Set<string>();
  for (const { run, owner } of open) {
    settled.add(run.id);
    const container = owned.find((candidate) => candidate.runId === run.id);
    const isHere = container !== undefined || dependencies.engines.isPlaceOf(engine, run.engine);
    if (!isHere || run.isolation !== "docker" || isOwnerAlive(owner)) continue;
    try {
      const verdict = await closeAbandonedRun({ run, container, engine, dependencies });
      if (container === undefined) continue;
      const keepExited = keepExitedOf(run.server);
      if (keepsContainer(verdict, keepExited)) await dependencies.kept.keep(keptOn(engine, container), keepExited);
      else await engine.removeContainer(container.id);
    } catch (error) {
      // One container that the engine cannot end must not keep the others from it.
      dependencies.mainLog.error({ run: run.id, error }, "could not close a run of an earlier MCPProxy");
    }
  }
  const unwatched = owned.filter(({ runId }) => !settled.has(runId) && !options.isLive(runId));
  const containers = options.leftovers === "all" ? unwatched : await thoseOfRuns(dependencies, unwatched);
  await removeLeftovers({ containers, engine, keepExitedOf, dependencies });
}

/** A run knows the id of its container; of one that was killed while it was being created there is only the name. */
async function thoseOfRuns(
  { store }: RunDependencies,
  containers: readonly OwnedContainer[],
): Promise<readonly OwnedContainer[]> {
  const runs = await Promise.all(containers.map(({ runId }) => store.runs.find(runId)));
  return containers.filter(({ id, name }, index) => {
    const run = runs[index];
    return run !== undefined && (run.containerId === null ? run.containerName === name : run.containerId === id);
  });
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
    await closeAbandonedRun({ run, container: undefined, dependencies });
    mainLog.warn(
      { server: run.server, run: run.id, container: run.containerName },
      `${message} If the container is still there, remove it with \`docker -H ${endpoint} rm -f ${run.containerName ?? ""}\`.`,
    );
  }
}

/** The same for runs on the host, which end with the pipes of their MCPProxy: needs no engine. */
export async function recoverHostRuns(dependencies: RunDependencies): Promise<void> {
  for (const { run, owner } of await dependencies.store.runs.open()) {
    if (run.isolation !== "docker" && !isOwnerAlive(owner))
      await closeAbandonedRun({ run, container: undefined, dependencies });
  }
}

/** Running containers nobody watches go; of the exited ones the newest per server stays for a day, as after any failed run. */
async function removeLeftovers(input: {
  containers: readonly OwnedContainer[];
  engine: ContainerEngine;
  keepExitedOf: (server: string) => number;
  dependencies: RunDependencies;
}): Promise<void> {
  const { engine } = input;
  const { kept, clock, mainLog } = input.dependencies;
  const oldestFirst = input.containers.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
  for (const container of oldestFirst) {
    const isOld = Date.parse(clock.timestamp()) - Date.parse(container.createdAt) > keptForMs;
    if (container.isRunning)
      mainLog.warn(
        { server: container.server, container: container.name },
        "removed a running container whose run is over: nobody is connected to it",
      );
    if (container.isRunning || isOld) await engine.removeContainer(container.id);
    else await kept.keep(keptOn(engine, container), input.keepExitedOf(container.server));
  }
}

function keptOn(engine: ContainerEngine, { server, id }: OwnedContainer): KeptContainer {
  return { server, containerId: id, remove: () => engine.removeContainer(id) };
}
