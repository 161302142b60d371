import type { ContainerIdentity, IsolationPlan } from "../plan/isolation-plan.ts";

/** A plan with every option in use. */
export const examplePlan: IsolationPlan = {
  server: "everything",
  runtime: "npx",
  image: "node:20",
  command: ["npx", "-y", "a server", "--flag=$HOME", ""],
  env: [
    { name: "NODE_EXTRA_CA_CERTS", value: "/etc/mcpproxy/ca-certificates.crt", isSecret: false },
    { name: "TOKEN", value: 'hunter22 with = and "quotes"', isSecret: true },
  ],
  limits: { memoryBytes: 512 * 1024 ** 2, memorySwapBytes: 512 * 1024 ** 2, cpus: 1, pids: 256, ulimits: [] },
  network: { mode: "bridge", allowHosts: [], dns: [], extraHosts: [] },
  tmpfs: [],
  devices: [],
  requiredPrograms: ["npx"],
  engine: { kind: "default" },
  mounts: [{ source: "/etc", target: "/mnt/etc", isReadOnly: true }],
  workingDir: "/workspace",
  hardening: {
    capDrop: ["ALL"],
    capAdd: [],
    hasNoNewPrivileges: true,
    securityOpt: [],
    hasInit: true,
    hasReadOnlyRoot: false,
  },
  logDriver: { name: "local", options: { "max-size": "10m", "max-file": "3" } },
  pullPolicy: "missing",
  timeouts: { pullMs: 600_000, startMs: 30_000, stopMs: 10_000 },
};

export const exampleIdentity: ContainerIdentity = {
  name: "mcpproxy-everything-a1b2",
  instanceId: "instance-1",
  runId: "run-1",
  createdAt: "2026-01-02T03:04:05.678Z",
};
