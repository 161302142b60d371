import { execFileSync } from "node:child_process";
import { feedChild, nodeServer, pythonServer, takeMemory } from "../testing/proof-servers.ts";
import type { VerdictProof } from "../verdict-proof.ts";

const isolation = { memory_limit: "64m" };
const oomEvidence = [/^event: oom/, /^event: die.*exit code/, /^inspect: .*OOMKilled=true/, /^memory: .*limit 64 MiB/];
const atLimit = "Out of memory: killed at the 64 MiB limit.";

export const memoryProofs: readonly VerdictProof[] = [
  {
    name: "oom-main",
    command: ["node", "-e", nodeServer(takeMemory)],
    isolation,
    provoke: { by: "call" },
    expected: {
      kind: "oom_killed",
      confidence: "certain",
      summary: atLimit,
      remedy: /memory_limit of this server, for example to 128m/,
      exitCode: 137,
      isOomFlagSet: true,
      evidence: oomEvidence,
    },
  },
  {
    name: "oom-main-without-init",
    command: ["node", "-e", nodeServer(takeMemory)],
    isolation: { ...isolation, init: false },
    provoke: { by: "call" },
    expected: { kind: "oom_killed", confidence: "certain", summary: atLimit, exitCode: 137, isOomFlagSet: true },
  },
  {
    name: "oom-before-initialize",
    command: ["node", "-e", takeMemory],
    isolation,
    provoke: { by: "start" },
    expected: { kind: "oom_killed", confidence: "certain", summary: atLimit, exitCode: 137, isOomFlagSet: true },
  },
  {
    name: "oom-child-exit-0",
    command: ["node", "-e", nodeServer(feedChild("process.exit(0)"))],
    isolation,
    provoke: { by: "call" },
    expected: {
      kind: "oom_child",
      confidence: "certain",
      summary: "A child process ran out of memory at the 64 MiB limit; the server exited with code 0.",
      remedy: /for example to 128m/,
      exitCode: 0,
      isOomFlagSet: true,
      evidence: oomEvidence,
    },
  },
  {
    name: "oom-child-exit-7",
    command: ["node", "-e", nodeServer(feedChild("process.exit(7)"))],
    isolation,
    provoke: { by: "call" },
    expected: {
      kind: "oom_child",
      summary: "A child process ran out of memory at the 64 MiB limit; the server exited with code 7.",
      exitCode: 7,
      isOomFlagSet: true,
    },
  },
  {
    name: "oom-child-then-docker-kill",
    command: ["node", "-e", nodeServer(feedChild("answer(id, {})"))],
    isolation,
    provoke: {
      by: "act",
      async act({ proxy, server, containerId }) {
        await proxy.connect(server).callTool("break");
        execFileSync("docker", ["kill", containerId]);
      },
    },
    expected: {
      kind: "killed_outside",
      summary: "Killed from outside (SIGKILL).",
      exitCode: 137,
      isOomFlagSet: true,
      evidence: [/^event: oom/],
    },
  },
  {
    name: "heap-of-node",
    command: [
      "node",
      "--max-old-space-size=24",
      "-e",
      nodeServer("const kept = []; for (;;) kept.push([Math.random()]);"),
    ],
    provoke: { by: "call" },
    expected: {
      kind: "oom_heap",
      confidence: "certain",
      summary: /^The runtime's own heap limit was reached \(JavaScript heap out of memory\)/,
      remedy: /max-old-space-size/,
      exitCode: 134,
      evidence: [/^stderr: .*JavaScript heap out of memory/],
    },
  },
  {
    name: "heap-of-node-without-init",
    command: [
      "node",
      "--max-old-space-size=24",
      "-e",
      nodeServer("const kept = []; for (;;) kept.push([Math.random()]);"),
    ],
    isolation: { init: false },
    provoke: { by: "call" },
    expected: { kind: "oom_heap", summary: /JavaScript heap out of memory/, exitCode: 139 },
  },
  {
    name: "memory-error-of-python",
    command: [
      "python3",
      "-c",
      pythonServer(
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))\nkept = bytearray(1 << 30)",
      ),
    ],
    provoke: { by: "call" },
    expected: {
      kind: "oom_heap",
      summary: /Python MemoryError/,
      exitCode: 1,
      evidence: [/^stderr: MemoryError/],
    },
  },
];
