import { readFile } from "node:fs/promises";
import type { CpuMeter } from "../cpu-meter.ts";
import type { ResourceReading } from "../engine.ts";

/** Linux counts CPU time for programs in hundredths of a second (USER_HZ), whatever the kernel's own tick is. */
const ticksPerSecond = 100;

/** Resident memory and CPU of one process from /proc; undefined where there is none, or when the process has ended. */
export async function readHostResources(pid: number, measureCpu: CpuMeter): Promise<ResourceReading | undefined> {
  const [status, stat] = await Promise.all([readProcFile(pid, "status"), readProcFile(pid, "stat")]);
  const residentBytes = readKilobytes(status, "VmRSS");
  const peakBytes = readKilobytes(status, "VmHWM");
  if (residentBytes === undefined) return undefined;
  return {
    at: new Date().toISOString(),
    workingSetBytes: residentBytes,
    ...(peakBytes === undefined ? {} : { peakBytes }),
    cpuCores: measureCpu(readCpuSeconds(stat), performance.now()),
  };
}

function readProcFile(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
}

function readKilobytes(status: string, field: string): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Its own time and that of children it has waited for: fields 14 to 17 of proc_pid_stat(5). */
function readCpuSeconds(stat: string): number | undefined {
  // The name of the program is in parentheses and may contain anything; what counts comes after the last one.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15);
  return fields.length < 4 ? undefined : fields.reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}
