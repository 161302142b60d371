import { readFileSync } from "node:fs";
import type { RunOwner } from "../store/store.ts";

/** This process as the owner of its runs. */
export function thisProcess(): RunOwner {
  return { pid: process.pid, processStartedAt: startOf(process.pid) ?? "" };
}

/** True while the very process that owned a run still lives; a reused pid does not count. */
export function isOwnerAlive(owner: RunOwner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const startedAt = startOf(owner.pid);
  return startedAt === undefined || owner.processStartedAt === "" || startedAt === owner.processStartedAt;
}

/** Clock ticks since boot at which a process started (proc(5), stat field 22); undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command in parentheses may hold spaces and parentheses of its own.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
