import { cacheVolumeName } from "@mcpproxy/core/docker/cache-volume-name";
import { ownCacheFolder } from "@mcpproxy/core/plan/cache-volume";
import type { IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { EngineError, type ContainerLaunch } from "../engine.ts";
import { cacheVolumeLabels, isCacheVolume } from "./cache-labels.ts";
import { engineMessageOf, isNotFound, isUnreachable, statusCodeOf } from "./docker-error.ts";

/** Makes sure that the server's cache volume exists and carries our labels; 1 ms when it does. */
export async function ensureCacheVolume(
  docker: Docker,
  { plan, identity }: ContainerLaunch,
  abortSignal: AbortSignal,
): Promise<void> {
  if (plan.cache === undefined) return;
  const name = cacheVolumeName(identity.instanceId, plan.server);
  await explained(name, async () => {
    const found = await findVolume(docker, name);
    if (found !== undefined && isCacheVolume(found)) return;
    // The printed docker command makes a volume without labels, which nobody would ever find again to prune it.
    if (found !== undefined && !(await canRemove(docker, name))) return;
    const request = { _query: {}, _body: { Name: name, Labels: cacheVolumeLabels(identity.instanceId, plan.server) } };
    await docker.createVolume({ ...request, abortSignal });
  });
}

/**
 * Makes sure of the user's own folder on the volume: a volume begins as root's, and with all capabilities dropped
 * nothing in the container could change that. 2 ms when it is there, else 45 ms.
 */
export async function prepareCacheFolder(
  container: Docker.Container,
  plan: IsolationPlan,
  abortSignal: AbortSignal,
): Promise<void> {
  if (plan.cache === undefined) return;
  const folder = ownCacheFolder(plan.hardening.user);
  const { target } = plan.cache;
  await explained(folder.path, async () => {
    if (await hasPath(container, `${target}/${folder.name}`, abortSignal)) return;
    const { name, userId: uid, groupId: gid, mode } = folder;
    const archive = pack();
    archive.entry({ name, type: "directory", uid, gid, mode });
    archive.finalize();
    // An entry "./" would be simplest, but the engine leaves the folder that it unpacks into as it is.
    await container.putArchive(await bytesOf(archive), { path: target, _query: { path: target }, abortSignal });
  });
}

async function findVolume(docker: Docker, name: string): Promise<Docker.VolumeInspectInfo | undefined> {
  try {
    return await docker.getVolume(name).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function canRemove(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getVolume(name).remove();
    return true;
  } catch (error) {
    if (statusCodeOf(error) === 409) return false;
    throw error;
  }
}

async function hasPath(container: Docker.Container, path: string, abortSignal: AbortSignal): Promise<boolean> {
  try {
    const answer: NodeJS.ReadableStream = await container.infoArchive({ path, _query: { path }, abortSignal });
    answer.resume();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function bytesOf(archive: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function explained(place: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (isUnreachable(cause)) throw cause;
    const message = `The cache ${place} could not be prepared: ${engineMessageOf(cause)}. Set "enable_cache_volume": false to run without it.`;
    throw new EngineError(message, { stage: "create" }, { cause });
  }
}
