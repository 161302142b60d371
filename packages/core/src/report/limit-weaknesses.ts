import { formatBytes } from "../format/bytes.ts";
import type { IsolationWeakness } from "../run/run-record.ts";
import type { InForce } from "./in-force.ts";
import { weaknessesOf, type WeaknessRow } from "./weakness-row.ts";

/** What the server can use up. */
export function limitWeaknesses(inForce: InForce): readonly IsolationWeakness[] {
  return weaknessesOf([...memoryRows(inForce), ...cpuRows(inForce), ...pidsRows(inForce), ...endRows(inForce)]);
}

function memoryRows({ memoryBytes, memorySwapBytes, engine, isOomKillDisabled }: InForce): readonly WeaknessRow[] {
  const isLimited = memoryBytes > 0 && engine.enforcesMemory;
  const allowedSwap =
    memorySwapBytes === -1 ? "without a limit" : `up to ${formatBytes(swapOf(memoryBytes, memorySwapBytes))}`;
  return [
    [memoryBytes <= 0, unlimited("memory", 15)],
    [memoryBytes > 0 && !engine.enforcesMemory, unenforced("memory", 15)],
    [
      isLimited && engine.enforcesSwap && memorySwapBytes !== memoryBytes,
      {
        code: "swap_allowed",
        points: 2,
        message: `The server may swap ${allowedSwap}: over its memory limit it gets slow instead of ending.`,
        remedy: words.swap.remedy,
      },
    ],
    [isLimited && !engine.enforcesSwap, unenforced("swap", 2)],
    [
      isOomKillDisabled,
      {
        code: "oom_kill_disabled",
        points: 8,
        message: "The kernel may not end the server when it is out of memory; it hangs instead.",
        remedy: "Remove --oom-kill-disable.",
      },
    ],
  ];
}

function swapOf(memoryBytes: number, memorySwapBytes: number): number {
  return memorySwapBytes === 0 ? memoryBytes : memorySwapBytes - memoryBytes;
}

function cpuRows({ nanoCpus, engine }: InForce): readonly WeaknessRow[] {
  return [
    [nanoCpus <= 0, unlimited("cpus", 8)],
    [nanoCpus > 0 && !engine.enforcesCpus, unenforced("cpus", 8)],
  ];
}

function pidsRows({ pidsLimit, engine }: InForce): readonly WeaknessRow[] {
  return [
    [pidsLimit <= 0, unlimited("pids", 12)],
    [pidsLimit > 0 && !engine.enforcesPids, unenforced("pids", 12)],
  ];
}

function endRows({ hasInit, restartPolicy }: InForce): readonly WeaknessRow[] {
  return [
    [
      !hasInit,
      {
        code: "no_init",
        points: 1,
        message: "There is no init process: children that ended stay as zombies, and the server may ignore SIGTERM.",
        remedy: "Set init to true.",
      },
    ],
    [
      restartPolicy !== "no" && restartPolicy !== "",
      {
        code: "restarted_by_engine",
        points: 2,
        message: `Docker restarts the server by itself (${restartPolicy}), which wipes out why it ended.`,
        remedy: "Remove --restart; MCPProxy restarts servers.",
      },
    ],
  ];
}

type LimitName = "memory" | "swap" | "cpus" | "pids";
const words: Readonly<Record<LimitName, { readonly what: string; readonly remedy: string }>> = {
  memory: { what: "memory", remedy: 'Set memory_limit, for example "512m".' },
  swap: { what: "swap", remedy: "Remove memory_swap; it then equals memory_limit." },
  cpus: { what: "CPU time", remedy: 'Set cpu_limit, for example "1.0".' },
  pids: { what: "number of processes", remedy: "Set pids_limit, for example 256." },
};

function unlimited(name: LimitName, points: number): IsolationWeakness {
  const { what, remedy } = words[name];
  const message = `The server's ${what} has no limit: it can use up this machine.`;
  return { code: `${name}_unlimited`, points, message, remedy };
}

function unenforced(name: LimitName, points: number): IsolationWeakness {
  return {
    code: `${name}_not_enforced`,
    points,
    message: `The engine does not enforce the limit of the server's ${words[name].what}.`,
    remedy: "See the warnings of `docker info`; the kernel lacks this cgroup controller.",
  };
}
