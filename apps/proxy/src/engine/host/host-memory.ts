import { readFile } from "node:fs/promises";
import type { MemoryReading } from "../engine.ts";

/** Resident memory of one process from /proc; undefined where there is none, or when the process has ended. */
export async function readHostMemory(pid: number): Promise<MemoryReading | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const residentBytes = readKilobytes(status, "VmRSS");
  const peakBytes = readKilobytes(status, "VmHWM");
  if (residentBytes === undefined) return undefined;
  return {
    at: new Date().toISOString(),
    workingSetBytes: residentBytes,
    ...(peakBytes === undefined ? {} : { peakBytes }),
  };
}

function readKilobytes(status: string, field: string): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
