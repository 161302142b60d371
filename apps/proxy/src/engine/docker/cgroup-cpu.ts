import { join } from "node:path";
import type { Cgroup } from "./cgroup-memory.ts";
import { readKernelFile } from "./read-kernel-file.ts";

/** CPU seconds that a container has used since its start; undefined where the kernel's files do not tell. */
export async function readCgroupCpuSeconds({ folder, version }: Cgroup): Promise<number | undefined> {
  // In version 1 each controller has a tree of its own, with the same paths.
  const path =
    version === 1
      ? join(folder.replace("/sys/fs/cgroup/memory/", "/sys/fs/cgroup/cpuacct/"), "cpuacct.usage")
      : join(folder, "cpu.stat");
  const text = await readKernelFile(path).catch(() => undefined);
  if (text === undefined) return undefined;
  return version === 1 ? secondsOf(text.trim(), 1e9) : secondsOf(/^usage_usec (\d+)$/m.exec(text)?.[1], 1e6);
}

function secondsOf(count: string | undefined, perSecond: number): number | undefined {
  return count === undefined || !/^\d+$/.test(count) ? undefined : Number(count) / perSecond;
}
