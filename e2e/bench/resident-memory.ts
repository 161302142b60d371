import { readFileSync } from "node:fs";

/** Resident memory of one process in bytes, as the kernel counts it (Linux). */
export function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes) * 1024;
}

/** Reads a process's memory ten times a second until told to stop; then gives the highest reading. */
export function watchResidentMemory(pid: number): { stop(): number } {
  let highest = residentBytes(pid);
  const timer = setInterval(() => (highest = Math.max(highest, residentBytes(pid))), 100);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(highest, residentBytes(pid));
    },
  };
}
