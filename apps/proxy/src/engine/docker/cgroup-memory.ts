import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MemoryReading } from "../engine.ts";

/** Where the kernel tells the memory of one container. */
export interface MemoryCgroup {
  readonly folder: string;
  readonly version: 1 | 2;
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
}): Promise<MemoryCgroup | undefined> {
  const usual: MemoryCgroup[] = [
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

/** Reads usage, peak and working set (usage minus inactive file cache). */
export async function readCgroupMemory({ folder, version }: MemoryCgroup): Promise<MemoryReading> {
  const files = filesOf[version];
  const [usage, peak, stat] = await Promise.all([
    readFile(join(folder, files.usage), "utf8"),
    // memory.peak exists from Linux 5.19 on.
    readFile(join(folder, files.peak), "utf8").catch(() => undefined),
    readFile(join(folder, "memory.stat"), "utf8"),
  ]);
  const inactive = new RegExp(`^${files.inactive} (\\d+)$`, "m").exec(stat)?.[1] ?? "0";
  return {
    at: new Date().toISOString(),
    workingSetBytes: Math.max(0, Number(usage) - Number(inactive)),
    ...(peak === undefined ? {} : { peakBytes: Number(peak) }),
  };
}

/** Lines are "4:memory:/docker/ID" (version 1) or "0::/system.slice/docker-ID.scope" (version 2). */
async function readProcessCgroups(pid: number): Promise<MemoryCgroup[]> {
  const text = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
  return text.split("\n").flatMap((line): MemoryCgroup[] => {
    const [, controllers, path] = line.split(":", 3);
    if (path === undefined) return [];
    if (controllers === "") return [{ version: 2, folder: join("/sys/fs/cgroup", path) }];
    return controllers?.split(",").includes("memory")
      ? [{ version: 1, folder: join("/sys/fs/cgroup/memory", path) }]
      : [];
  });
}

function isReadable({ folder, version }: MemoryCgroup): Promise<boolean> {
  return access(join(folder, filesOf[version].usage)).then(
    () => true,
    () => false,
  );
}
