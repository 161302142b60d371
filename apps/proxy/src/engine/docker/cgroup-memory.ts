import { access } from "node:fs/promises";
import { join } from "node:path";
import { readKernelFile } from "./read-kernel-file.ts";

/** Where the kernel counts for one container. */
export interface Cgroup {
  /** Of the memory controller. */
  readonly folder: string;
  readonly version: 1 | 2;
}

export interface CgroupMemory {
  /** Usage minus inactive file cache. */
  readonly workingSetBytes: number;
  readonly peakBytes?: number;
  /** Without any, the memory is what they have left behind. */
  readonly processIds: readonly number[];
}

const filesOf = {
  1: { usage: "memory.usage_in_bytes", peak: "memory.max_usage_in_bytes", inactive: "total_inactive_file" },
  2: { usage: "memory.current", peak: "memory.peak", inactive: "inactive_file" },
} as const;

/** Finds the memory cgroup of a container on this machine; undefined when the engine's kernel is another one. */
export async function findCgroup({
  containerId,
  pid,
}: {
  containerId: string;
  pid: number;
}): Promise<Cgroup | undefined> {
  const usual: Cgroup[] = [
    { version: 1, folder: `/sys/fs/cgroup/memory/docker/${containerId}` },
    { version: 2, folder: `/sys/fs/cgroup/system.slice/docker-${containerId}.scope` },
    { version: 2, folder: `/sys/fs/cgroup/docker/${containerId}` },
  ];
  for (const cgroup of [...usual, ...(await readProcessCgroups(pid))]) {
    // The id in the path proves that the process is ours: with a remote engine the pid belongs to another machine.
    if (cgroup.folder.includes(containerId) && (await isReadable(cgroup))) return cgroup;
  }
  return undefined;
}

/** Reads usage, peak and working set. Rejects when the cgroup is gone. */
export async function readCgroupMemory({ folder, version }: Cgroup): Promise<CgroupMemory> {
  const files = filesOf[version];
  const [usage, peakBytes, stat] = await Promise.all([
    readKernelFile(join(folder, files.usage)),
    readCgroupPeak({ folder, version }),
    readKernelFile(join(folder, "memory.stat")),
  ]);
  // After the memory: whoever is still there then was there before.
  const processes = await readKernelFile(join(folder, "cgroup.procs"));
  const inactive = new RegExp(`^${files.inactive} (\\d+)$`, "m").exec(stat)?.[1] ?? "0";
  return {
    workingSetBytes: Math.max(0, Number(usage) - Number(inactive)),
    ...(peakBytes === undefined ? {} : { peakBytes }),
    processIds: processes.split("\n").filter(Boolean).map(Number),
  };
}

/** The kernel's own peak; undefined when the cgroup is gone, or on a kernel without it (memory.peak came with Linux 5.19). */
export async function readCgroupPeak({ folder, version }: Cgroup): Promise<number | undefined> {
  const text = await readKernelFile(join(folder, filesOf[version].peak)).catch(() => undefined);
  return text === undefined ? undefined : Number(text);
}

/** True when one of these processes is ending: the kernel takes its memory from it first, and gives it back page by page. */
export async function hasEndingProcess(processIds: readonly number[]): Promise<boolean> {
  const statuses = processIds.map((pid) => readKernelFile(`/proc/${pid}/status`).catch(() => ""));
  return (await Promise.all(statuses)).some((status) => !status.includes("\nVmRSS:"));
}

/** Lines are "4:memory:/docker/ID" (version 1) or "0::/system.slice/docker-ID.scope" (version 2). */
async function readProcessCgroups(pid: number): Promise<Cgroup[]> {
  const text = await readKernelFile(`/proc/${pid}/cgroup`).catch(() => "");
  return text.split("\n").flatMap((line): Cgroup[] => {
    const [, controllers, path] = line.split(":", 3);
    if (path === undefined) return [];
    if (controllers === "") return [{ version: 2, folder: join("/sys/fs/cgroup", path) }];
    return controllers?.split(",").includes("memory")
      ? [{ version: 1, folder: join("/sys/fs/cgroup/memory", path) }]
      : [];
  });
}

function isReadable({ folder, version }: Cgroup): Promise<boolean> {
  return access(join(folder, filesOf[version].usage)).then(
    () => true,
    () => false,
  );
}
