import fc from "fast-check";
import { expect, it } from "vitest";
import type { BindMount, IsolationPlan } from "../plan/isolation-plan.ts";
import { arbitraryPlan } from "./arbitrary-plan.test-data.ts";
import { cacheVolumeName } from "./cache-volume-name.ts";
import { toDockerRunArgs } from "./docker-run-args.ts";
import { exampleIdentity, examplePlan } from "./example-plan.test-data.ts";
import { containerLabels } from "./labels.ts";
import { readCsv, readDockerRunArgs, type PrintedPlan } from "./read-docker-run-args.test-data.ts";

it("prints the whole plan, with secrets by name only", () => {
  expect(toDockerRunArgs(examplePlan, exampleIdentity)).toEqual([
    "run",
    "-i",
    "--name=mcpproxy-everything-a1b2",
    "--label=com.mcpproxy.managed=true",
    "--label=com.mcpproxy.instance=instance-1",
    "--label=com.mcpproxy.server=everything",
    "--label=com.mcpproxy.run=run-1",
    "--label=com.mcpproxy.created=2026-01-02T03:04:05.678Z",
    "--memory=512m",
    "--memory-swap=512m",
    "--cpus=1.0",
    "--pids-limit=256",
    "--network=bridge",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--init",
    "--log-driver=local",
    "--log-opt=max-size=10m",
    "--log-opt=max-file=3",
    "--mount=type=bind,source=/etc,target=/mnt/etc,readonly",
    "--workdir=/workspace",
    "--env=NODE_EXTRA_CA_CERTS=/etc/mcpproxy/ca-certificates.crt",
    "--env=TOKEN",
    "--entrypoint=",
    "node:20",
    "npx",
    "-y",
    "a server",
    "--flag=$HOME",
    "",
  ]);
});

function argsWith(changes: { memoryBytes?: number; cpus?: number; mount?: BindMount }) {
  const { memoryBytes = 6 * 1024 ** 2, cpus = 1, mount } = changes;
  const limits = { memoryBytes, memorySwapBytes: memoryBytes, cpus, pids: 1, ulimits: [] };
  return toDockerRunArgs({ ...examplePlan, limits, mounts: mount === undefined ? [] : [mount] }, exampleIdentity);
}

function valueOf(args: readonly string[], option: string) {
  return args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
}

it.each([
  [1024 ** 3, "1g"],
  [1.5 * 1024 ** 3, "1536m"],
  [10_000_384, "9766k"],
  [10_000_001, "10000001b"],
])("prints %d bytes as %s", (memoryBytes, printed) => {
  expect(valueOf(argsWith({ memoryBytes }), "--memory")).toBe(printed);
});

it("prints any memory exactly", () => {
  const factors: Record<string, number> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (memoryBytes) => {
      const printed = valueOf(argsWith({ memoryBytes }), "--memory") ?? "";
      expect(Number(printed.slice(0, -1)) * (factors[printed.slice(-1)] ?? 0)).toBe(memoryBytes);
    }),
  );
});

it("prints any part of a core exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000_000, max: 1_024_000_000_000 }), (nanoCpus) => {
      const printed = valueOf(argsWith({ cpus: nanoCpus / 1e9 }), "--cpus") ?? "";
      expect(printed).toMatch(/^\d+\.\d{1,9}$/);
      expect(Math.round(Number(printed) * 1e9)).toBe(nanoCpus);
    }),
  );
});

it("prints any path of a mount so that it is read back byte for byte", () => {
  const path = fc.string({ minLength: 1 }).map((name) => `/${name}`);
  fc.assert(
    fc.property(path, path, fc.boolean(), (source, target, isReadOnly) => {
      const printed = valueOf(argsWith({ mount: { source, target, isReadOnly } }), "--mount") ?? "";
      expect(readCsv(printed)).toEqual([
        "type=bind",
        `source=${source}`,
        `target=${target}`,
        ...(isReadOnly ? ["readonly"] : []),
      ]);
    }),
  );
});

it("never holds a secret", () => {
  fc.assert(
    fc.property(fc.uuid(), (secret) => {
      const plan = { ...examplePlan, env: [{ name: "TOKEN", value: secret, isSecret: true }] };
      expect(JSON.stringify(toDockerRunArgs(plan, exampleIdentity))).not.toContain(secret);
    }),
  );
});

const anyPlan = arbitraryPlan({
  image: "node:20",
  sources: ["/srv", "/srv/a,b", '/srv/"q"', "/srv/a:b", "/srv/new\nline", "/srv/é"],
  networks: ["bridge", "none", "host", "my-network"],
});

/** What of a plan is to be found again in the printed command: all but what MCPProxy itself does with it. */
function toBeFound(plan: IsolationPlan): PrintedPlan {
  const { image, command, limits, mounts, tmpfs, devices, hardening, logDriver, platform, workingDir } = plan;
  const { allowHosts: _, ...network } = plan.network;
  const name = cacheVolumeName(exampleIdentity.instanceId, plan.server);
  return {
    image,
    command,
    limits,
    mounts,
    tmpfs,
    devices,
    hardening,
    logDriver,
    network,
    name: exampleIdentity.name,
    labels: containerLabels(plan.server, exampleIdentity),
    env: plan.env.map((variable) => ({
      name: variable.name,
      ...(variable.isSecret ? {} : { value: variable.value }),
    })),
    volumes: plan.cache === undefined ? [] : [{ name, target: plan.cache.target }],
    ...(platform === undefined ? {} : { platform }),
    ...(workingDir === undefined ? {} : { workingDir }),
  };
}

it("prints any plan so that reading it gives the plan back", () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      expect(readDockerRunArgs(toDockerRunArgs(plan, exampleIdentity))).toEqual(toBeFound(plan));
    }),
    { numRuns: 500 },
  );
});

it("prints any two plans that differ differently", () => {
  fc.assert(
    fc.property(anyPlan, anyPlan, (one, other) => {
      const areEqual = JSON.stringify(toBeFound(one)) === JSON.stringify(toBeFound(other));
      const [first, second] = [one, other].map((plan) => JSON.stringify(toDockerRunArgs(plan, exampleIdentity)));
      expect(first === second).toBe(areEqual);
    }),
  );
});
