import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The main process of a container, as this machine counts. */
export function pidOf(containerId: string): number {
  return Number(execFileSync("docker", ["inspect", "--format", "{{.State.Pid}}", containerId], { encoding: "utf8" }));
}

/** The one child of a process: what an init process has started. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}
