import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { z } from "zod";
import { createCpuMeter } from "../cpu-meter.ts";
import type { ResourceReading } from "../engine.ts";
import { remember } from "../remember.ts";
import { readCgroupCpuSeconds } from "./cgroup-cpu.ts";
import { findCgroup, hasEndingProcess, readCgroupMemory, readCgroupPeak, type Cgroup } from "./cgroup-memory.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { inspectState } from "./inspect-outcome.ts";

const statsSchema = z.object({
  memory_stats: z.object({
    usage: z.number().optional(),
    max_usage: z.number().optional(),
    stats: z.record(z.string(), z.number()).default({}),
  }),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number().optional() }).default({}) }).optional(),
});

/** A process that ends gives its memory back over some hundred milliseconds, and still counts as one. */
const fallShare = 0.9;
const fallCheckMs = 100;
const referenceMs = 2_000;
/** With one of its processes gone the container may be about to end, which takes a busy machine its time. */
const steadyChecksAfterLoss = 10;
/** A child that nobody waits for stays as good as ended for ever. */
const maxFallChecks = 20;

export interface ResourceReaderRequest {
  readonly connector: DockerConnector;
  readonly containerId: string;
  /** False as soon as it is known to end: what is read then is the memory of a corpse. */
  isRunning(): boolean;
}

/** Memory and CPU of one container: from the kernel's files where this machine has them, else from the stats API. */
export interface ResourceReader {
  read(): Promise<ResourceReading | undefined>;
  /** Reads the kernel's peak alone, which costs next to nothing: it is gone with the process. */
  readPeak(): Promise<void>;
  /** The highest the kernel has told so far. */
  readonly kernelPeakBytes: number | undefined;
}

export function createResourceReader(request: ResourceReaderRequest): ResourceReader {
  const { connector, containerId, isRunning } = request;
  const cgroup = remember(async () => discover((await connector.connect()).docker, containerId));
  const measureCpu = createCpuMeter();
  let kernelPeakBytes: number | undefined;
  /** The highest of late: many readings within a fall would each be a small step down. */
  let reference = { bytes: 0, atMs: 0 };
  let latestProcessIds: readonly number[] = [];

  const notePeak = (peakBytes: number | undefined): void => {
    if (peakBytes !== undefined) kernelPeakBytes = Math.max(kernelPeakBytes ?? 0, peakBytes);
  };
  const readOnce = async (): Promise<RawReading | undefined> => {
    const found = await cgroup.get();
    return found ? await readFiles(found) : await readStats((await connector.connect()).docker, containerId);
  };
  /** A fall is believed when it has come to an end and the process is still there. */
  const readSteady = async (): Promise<RawReading | undefined> => {
    let before = reference.bytes;
    let hasFallen = false;
    let steadyChecks = 0;
    for (let checks = 0; ; checks += 1) {
      const raw = await readOnce();
      if (raw === undefined || !isRunning()) return undefined;
      const isFalling = raw.workingSetBytes < fallShare * before;
      hasFallen ||= isFalling;
      if (!hasFallen || checks === maxFallChecks) return raw;
      steadyChecks = isFalling || (await hasEndingProcess(raw.processIds)) ? 0 : steadyChecks + 1;
      const hasLostProcess = latestProcessIds.some((id) => !raw.processIds.includes(id));
      if (steadyChecks >= (hasLostProcess ? steadyChecksAfterLoss : 1)) return raw;
      before = raw.workingSetBytes;
      await sleep(fallCheckMs);
    }
  };
  return {
    async read() {
      if (!isRunning()) return undefined;
      try {
        const raw = await readSteady();
        if (raw === undefined) return undefined;
        const atMs = performance.now();
        notePeak(raw.peakBytes);
        const isNewReference = raw.workingSetBytes >= reference.bytes || atMs - reference.atMs > referenceMs;
        if (isNewReference) reference = { bytes: raw.workingSetBytes, atMs };
        latestProcessIds = raw.processIds;
        const { cpuSeconds, processIds: _, ...reading } = raw;
        return { at: new Date().toISOString(), ...reading, cpuCores: measureCpu(cpuSeconds, atMs) };
      } catch {
        // A reading that fails because the container ends right now is no reading; its end is told elsewhere.
        return undefined;
      }
    },
    async readPeak() {
      const found = await cgroup.get().catch(() => undefined);
      if (found !== undefined) notePeak(await readCgroupPeak(found));
    },
    get kernelPeakBytes() {
      return kernelPeakBytes;
    },
  };
}

interface RawReading extends Omit<ResourceReading, "at" | "cpuCores"> {
  readonly cpuSeconds: number | undefined;
  /** As far as this machine can look at them. */
  readonly processIds: readonly number[];
}

async function discover(docker: Docker, containerId: string): Promise<Cgroup | undefined> {
  const { pid } = await inspectState(docker, containerId);
  return pid === undefined ? undefined : findCgroup({ containerId, pid });
}

async function readFiles(cgroup: Cgroup): Promise<RawReading | undefined> {
  const [memory, cpuSeconds] = await Promise.all([readCgroupMemory(cgroup), readCgroupCpuSeconds(cgroup)]);
  return memory.processIds.length === 0 ? undefined : { ...memory, cpuSeconds };
}

async function readStats(docker: Docker, containerId: string): Promise<RawReading | undefined> {
  const answer: unknown = await docker.getContainer(containerId).stats({ stream: false, "one-shot": true });
  const { memory_stats: memory, cpu_stats: cpu } = statsSchema.parse(answer);
  const { usage, max_usage: peak, stats } = memory;
  // The engine answers with zeros for a container that has just ended.
  if (usage === undefined || usage === 0) return undefined;
  const inactiveFile = stats["total_inactive_file"] ?? stats["inactive_file"] ?? 0;
  const usedNanoseconds = cpu?.cpu_usage.total_usage;
  return {
    workingSetBytes: Math.max(0, usage - inactiveFile),
    ...(peak === undefined || peak === 0 ? {} : { peakBytes: peak }),
    processIds: [],
    cpuSeconds: usedNanoseconds === undefined ? undefined : usedNanoseconds / 1e9,
  };
}
