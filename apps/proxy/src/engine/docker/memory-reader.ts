import type Docker from "dockerode";
import { z } from "zod";
import type { MemoryReading } from "../engine.ts";
import { remember } from "../remember.ts";
import { findCgroup, readCgroupMemory, type MemoryCgroup } from "./cgroup-memory.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { inspectState } from "./inspect-outcome.ts";

const statsSchema = z.object({
  memory_stats: z.object({
    usage: z.number().optional(),
    max_usage: z.number().optional(),
    stats: z.record(z.string(), z.number()).default({}),
  }),
});

export interface MemoryReaderRequest {
  readonly connector: DockerConnector;
  readonly containerId: string;
  isRunning(): boolean;
}

/** Reads the memory of one container: from the kernel's files where this machine has them, else from the stats API. */
export function createMemoryReader(request: MemoryReaderRequest): () => Promise<MemoryReading | undefined> {
  const cgroup = remember(async () => discover((await request.connector.connect()).docker, request.containerId));
  return async () => {
    if (!request.isRunning()) return undefined;
    try {
      const { docker } = await request.connector.connect();
      const found = await cgroup.get();
      return found ? await readCgroupMemory(found) : await readStats(docker, request.containerId);
    } catch {
      // A reading that fails because the container ends right now is no reading; its end is told elsewhere.
      return undefined;
    }
  };
}

async function discover(docker: Docker, containerId: string): Promise<MemoryCgroup | undefined> {
  const { pid } = await inspectState(docker, containerId);
  return pid === undefined ? undefined : findCgroup({ containerId, pid });
}

async function readStats(docker: Docker, containerId: string): Promise<MemoryReading | undefined> {
  const answer: unknown = await docker.getContainer(containerId).stats({ stream: false, "one-shot": true });
  const { usage, max_usage: peak, stats } = statsSchema.parse(answer).memory_stats;
  if (usage === undefined) return undefined;
  const inactiveFile = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return {
    at: new Date().toISOString(),
    workingSetBytes: Math.max(0, usage - inactiveFile),
    ...(peak === undefined || peak === 0 ? {} : { peakBytes: peak }),
  };
}
