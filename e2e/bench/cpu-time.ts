import { readFileSync } from "node:fs";

/** The kernel counts in hundredths of a second (USER_HZ, the same on all of Linux's common machines). */
const tickMs = 10;

/** CPU time that a process has used so far, its own and the kernel's for it (Linux). */
export function cpuTimeMs(pid: number): number {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user = "0", system = "0"] = fields.split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * tickMs;
}
