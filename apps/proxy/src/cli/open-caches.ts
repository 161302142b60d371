import { z } from "zod";
import { createCacheDirectory } from "../caches/cache-directory.ts";
import type { CacheDirectory, CacheList, CacheRecord, PrunedCaches } from "../caches/cache-record.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { loadConfig } from "../config/load-config.ts";
import { planServers } from "../config/plan-servers.ts";
import { readOrCreateSecret } from "../config/private-file.ts";
import { DockerEngineSet } from "../engine/docker/docker-engine-set.ts";
import type { PathOptions, Paths } from "../paths.ts";
import { engineUseOf } from "../runs/engine-use.ts";
import { pathsOf, type CommandContext } from "./command-context.ts";
import { askProxy } from "./proxy-client.ts";

/** A person at a terminal can wait longer for sizes than a page. */
const sizeDeadlineMs = 60_000;
const proxyTimeoutMs = 120_000;

const cacheSchema: z.ZodType<CacheRecord> = z.object({
  volume: z.string(),
  server: z.string(),
  instance: z.string(),
  createdAt: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  usedBy: z.array(z.object({ container: z.string(), isRunning: z.boolean() })),
  context: z.string(),
  isInUse: z.boolean(),
  isOrphaned: z.boolean(),
});
const listSchema: z.ZodType<CacheList> = z.object({ caches: z.array(cacheSchema), problems: z.array(z.string()) });
const prunedSchema: z.ZodType<PrunedCaches> = z.object({
  removed: z.array(cacheSchema),
  kept: z.array(z.object({ cache: cacheSchema, reason: z.string() })),
  problems: z.array(z.string()),
});

/** Gives the caches through the running service, or through Docker itself when none runs. */
export async function withCaches(
  options: PathOptions,
  context: CommandContext,
  use: (caches: CacheDirectory) => Promise<void>,
): Promise<void> {
  const paths = pathsOf(options, context);
  const isRunning = (await askProxy("/status", { paths, context })) !== undefined;
  if (isRunning) await use(cachesOfProxy(paths, context));
  else await withOwnEngines(paths, context, use);
}

function cachesOfProxy(paths: Paths, context: CommandContext): CacheDirectory {
  const ask = { paths, context, timeoutMs: proxyTimeoutMs };
  return {
    list: async () => listSchema.parse(await askProxy("/caches", ask)),
    prune: async (selection) =>
      prunedSchema.parse(await askProxy("/caches/prune", { ...ask, method: "POST", body: selection })),
  };
}

async function withOwnEngines(
  paths: Paths,
  context: CommandContext,
  use: (caches: CacheDirectory) => Promise<void>,
): Promise<void> {
  const { environment, platform } = context;
  const config = await loadConfig(paths.config);
  const specs = planServers(config, gatherPlanningFacts(environment, platform));
  const instanceId = await readOrCreateSecret(paths.instanceId, 8);
  const engines = new DockerEngineSet({ environment: environment.docker, instanceId });
  try {
    await engines.use(engineUseOf(config.settings, specs));
    await use(
      createCacheDirectory({
        instanceId,
        sizeDeadlineMs,
        engines: () => engines.list(),
        servers: () => config.settings && specs.map(({ name }) => name),
      }),
    );
  } finally {
    await engines.close();
  }
}
