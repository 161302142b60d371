import { readdirSync, readFileSync } from "node:fs";

export interface MarkedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
}

/** Living processes of this machine whose HOME is this folder: what a proxy of a test is, or has started. */
export function processesWithHome(home: string): readonly MarkedProcess[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name), home) : []));
}

function readProcess(pid: number, home: string): readonly MarkedProcess[] {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    if (!variables.includes(`HOME=${home}`)) return [];
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // After the command in parentheses, which may hold anything: state, then the parent.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 200);
    return [{ pid, parentPid: Number(parent), command }];
  } catch {
    // It ended while it was looked at, or is not ours to read.
    return [];
  }
}
