import type Docker from "dockerode";
import { runLabel } from "@mcpproxy/core/docker/labels";
import { z } from "zod";
import type { CommandContainer } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { isNotFound, statusCodeOf } from "./docker-error.ts";

const limitSchema = z.number().nullish();
const inspectSchema = z.object({
  Name: z.string(),
  Image: z.string(),
  HostConfig: z.object({
    Memory: limitSchema,
    NanoCpus: limitSchema,
    CpuQuota: limitSchema,
    CpuPeriod: limitSchema,
    PidsLimit: limitSchema,
    NetworkMode: z.string().default("default"),
  }),
});
const defaultCpuPeriodMicroseconds = 100_000;

/** Reads what a container was given, whoever made it. */
export async function readCommandContainer(docker: Docker, containerId: string): Promise<CommandContainer> {
  const { Name, Image, HostConfig } = inspectSchema.parse(await docker.getContainer(containerId).inspect());
  const { Memory, NanoCpus, CpuQuota, CpuPeriod, PidsLimit, NetworkMode } = HostConfig;
  const cpus = positive(NanoCpus, 1e9) ?? positive(CpuQuota, positive(CpuPeriod, 1) ?? defaultCpuPeriodMicroseconds);
  return {
    id: containerId,
    name: Name.replace(/^\//, ""),
    imageDigest: await digestOf(docker, Image),
    limits: {
      memoryBytes: positive(Memory, 1),
      cpus,
      pids: positive(PidsLimit, 1),
      network: NetworkMode === "default" ? "bridge" : NetworkMode,
    },
  };
}

/** The container of a run, found by its label; undefined while there is none. */
export async function findRunContainer(docker: Docker, runId: string): Promise<string | undefined> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${runLabel}=${runId}`] } });
  return found[0]?.Id;
}

/** False while an image is not on the engine. */
export async function hasImage(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Makes room for a container that the user named: an ended one of an earlier run would be in its way. */
export async function removeEndedNamesake(
  connector: DockerConnector,
  container: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): Promise<void> {
  const { docker } = await connector.connect();
  const label = Object.entries(container.labels).map(([name, value]) => `${name}=${value}`);
  const ours = await docker.listContainers({ all: true, filters: { label, status: ["created", "exited", "dead"] } });
  for (const { Id } of ours.filter(({ Names: names }) => names.includes(`/${container.name}`))) {
    try {
      await docker.getContainer(Id).remove({ v: true });
    } catch (error) {
      if (statusCodeOf(error) === undefined) throw error;
      // What is still there is told by the docker command itself: the name is in use.
    }
  }
}

async function digestOf(docker: Docker, imageId: string): Promise<string> {
  const { RepoDigests } = await docker.getImage(imageId).inspect();
  return RepoDigests?.[0] ?? imageId;
}

/** 0 and less mean "no limit" to Docker. */
function positive(value: number | null | undefined, unit: number): number | null {
  return value === null || value === undefined || value <= 0 ? null : value / unit;
}
