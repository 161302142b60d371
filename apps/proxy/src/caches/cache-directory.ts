import { EngineError, type ContainerEngine } from "../engine/engine.ts";
import type { CacheDirectory, CacheList, CacheRecord, PrunedCaches } from "./cache-record.ts";
import { selectCaches } from "./select-caches.ts";

export interface CacheDirectoryRequest {
  readonly instanceId: string;
  /** How long an engine may count bytes. */
  readonly sizeDeadlineMs: number;
  engines(): readonly ContainerEngine[];
  /** The servers in the config, a cache of any other is orphaned; undefined when the config cannot be used. */
  servers(): readonly string[] | undefined;
}

/** Looks at the volumes of all engines anew for every question. */
export function createCacheDirectory(request: CacheDirectoryRequest): CacheDirectory {
  return {
    async list() {
      const { caches, problems } = await collect(request);
      return { caches: caches.map(({ record }) => record), problems };
    },
    async prune(selection) {
      const { caches, problems } = await collect({ ...request, sizeDeadlineMs: 0 });
      const selected = new Set(
        selectCaches(
          caches.map(({ record }) => record),
          selection,
        ),
      );
      const outcome = await removeAll(caches.filter(({ record }) => selected.has(record)));
      return { ...outcome, problems };
    },
  };
}

interface FoundCache {
  readonly record: CacheRecord;
  readonly engine: ContainerEngine;
}

async function collect({
  instanceId,
  sizeDeadlineMs,
  engines,
  servers,
}: CacheDirectoryRequest): Promise<Pick<CacheList, "problems"> & { readonly caches: readonly FoundCache[] }> {
  const configured = servers();
  const problems: string[] = [];
  const perEngine = await Promise.all(
    engines().map(async (engine) => {
      const volumes = await engine.listCaches({ instanceId, sizeDeadlineMs }).catch((error: unknown) => {
        problems.push(describeProblem(error));
        return [];
      });
      return volumes.map((volume) => ({
        engine,
        record: {
          ...volume,
          context: engine.status.context,
          isInUse: volume.usedBy.length > 0,
          isOrphaned: configured !== undefined && !configured.includes(volume.server),
        },
      }));
    }),
  );
  return { caches: perEngine.flat(), problems };
}

async function removeAll(caches: readonly FoundCache[]): Promise<Omit<PrunedCaches, "problems">> {
  const removed: CacheRecord[] = [];
  const kept: { cache: CacheRecord; reason: string }[] = [];
  for (const { record, engine } of caches) {
    const removal = await engine.removeCache(record.volume).catch((error: unknown) => ({
      kind: "kept" as const,
      reason: describeProblem(error),
    }));
    if (removal.kind === "removed") removed.push(record);
    else kept.push({ cache: record, reason: removal.reason });
  }
  return { removed, kept };
}

function describeProblem(error: unknown): string {
  if (!(error instanceof EngineError)) return error instanceof Error ? error.message : String(error);
  const remedy = "remedy" in error.detail ? error.detail.remedy : undefined;
  return remedy === undefined ? error.message : `${error.message} ${remedy}`;
}
