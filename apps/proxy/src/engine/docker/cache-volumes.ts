import { instanceLabel, serverLabel } from "@mcpproxy/core/docker/labels";
import type Docker from "dockerode";
import { z } from "zod";
import type { CacheRemoval, CacheUser, CacheVolume, ListCachesRequest } from "../engine.ts";
import { cacheFilters, isCacheVolume } from "./cache-labels.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isNotFound, isUnreachable, statusCodeOf } from "./docker-error.ts";

const usageSchema = z.object({
  Volumes: z.array(z.object({ Name: z.string(), UsageData: z.object({ Size: z.number() }).nullish() })).nullish(),
});

/** The cache volumes of one instance, by server. Throws EngineError stage "engine" when the engine is away. */
export async function listCaches(
  connector: DockerConnector,
  { instanceId, sizeDeadlineMs }: ListCachesRequest,
): Promise<readonly CacheVolume[]> {
  return callEngine(connector, async (docker) => {
    const { Volumes: volumes } = await docker.listVolumes({ filters: JSON.stringify(cacheFilters(instanceId)) });
    if (volumes.length === 0) return [];
    const names = volumes.map(({ Name: name }) => name);
    const [sizes, users] = await Promise.all([readSizes(docker, sizeDeadlineMs), readUsers(docker, names)]);
    return volumes
      .map((volume) => ({
        ...toCache(volume),
        sizeBytes: sizes.get(volume.Name) ?? null,
        usedBy: users.get(volume.Name) ?? [],
      }))
      .toSorted((one, other) => one.server.localeCompare(other.server));
  });
}

/** Removes a cache volume; refuses a volume that is none. One that is gone already is fine. */
export async function removeCache(connector: DockerConnector, volume: string): Promise<CacheRemoval> {
  return callEngine(connector, async (docker) => {
    const handle = docker.getVolume(volume);
    try {
      if (!isCacheVolume(await handle.inspect())) return { kind: "kept", reason: `${volume} is not a cache volume.` };
      await handle.remove();
      return { kind: "removed" };
    } catch (error) {
      if (isNotFound(error)) return { kind: "removed" };
      if (statusCodeOf(error) !== 409) throw error;
      const users = (await readUsers(docker, [volume])).get(volume) ?? [];
      return { kind: "kept", reason: describeUse(users) ?? engineMessageOf(error) };
    }
  });
}

function toCache(volume: Docker.VolumeInspectInfo): Omit<CacheVolume, "sizeBytes" | "usedBy"> {
  const { Name: name, Labels: labels } = volume;
  const createdAt: unknown = Reflect.get(volume, "CreatedAt");
  return {
    volume: name,
    server: labels[serverLabel] ?? "",
    instance: labels[instanceLabel] ?? "",
    createdAt: typeof createdAt === "string" ? createdAt : null,
  };
}

/** The engine counts every file of every volume, so it may take minutes: whoever only lists does not wait for that. */
async function readSizes(docker: Docker, deadlineMs: number): Promise<ReadonlyMap<string, number>> {
  if (deadlineMs <= 0) return new Map();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const request = {
    path: "/system/df?",
    method: "GET",
    // Engines before API 1.42 do not know the type and count everything.
    options: { type: "volume" },
    abortSignal: AbortSignal.timeout(deadlineMs),
    statusCodes: { 200: true },
  };
  docker.modem.dial(request, (error, usage) => resolve(error ? undefined : usage));
  const parsed = usageSchema.safeParse(await promise);
  return new Map(
    (parsed.data?.Volumes ?? []).flatMap(({ Name: name, UsageData: usage }) =>
      // -1 is the engine's way to say that it does not know.
      usage && usage.Size >= 0 ? [[name, usage.Size] as const] : [],
    ),
  );
}

/** Also containers of others: whoever has a volume mounted keeps it from being removed. */
async function readUsers(docker: Docker, volumes: readonly string[]): Promise<ReadonlyMap<string, CacheUser[]>> {
  const containers = await docker.listContainers({ all: true, filters: { volume: [...volumes] } });
  const users = new Map<string, CacheUser[]>();
  for (const { Id: id, Names: names, State: state, Mounts: mounts } of containers) {
    const container = (names[0] ?? id).replace(/^\//, "");
    const user = { container, isRunning: ["running", "paused", "restarting"].includes(state) };
    for (const { Name: name } of mounts) if (name !== undefined) users.set(name, [...(users.get(name) ?? []), user]);
  }
  return users;
}

function describeUse(users: readonly CacheUser[]): string | undefined {
  const running = users.find(({ isRunning }) => isRunning);
  if (running !== undefined)
    return `It is in use by the running container ${running.container}: stop the server first.`;
  if (users.length === 0) return undefined;
  const names = users.map(({ container }) => container).join(" ");
  return `It is held by a container that was kept after its run failed: \`docker rm ${names}\` first.`;
}

async function callEngine<Value>(connector: DockerConnector, call: (docker: Docker) => Promise<Value>): Promise<Value> {
  try {
    return await call((await connector.connect()).docker);
  } catch (error) {
    throw isUnreachable(error) ? connector.unreachable(error) : error;
  }
}
