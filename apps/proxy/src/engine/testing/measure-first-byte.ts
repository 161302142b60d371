import { spawn } from "node:child_process";
import { once } from "node:events";
import { toDockerRunArgs } from "@mcpproxy/core/docker/docker-run-args";
import { cacheFolder } from "@mcpproxy/core/plan/cache-volume";
import { createDockerEngine } from "../docker/docker-engine.ts";
import type { ContainerEngine, ContainerLaunch } from "../engine.ts";
import { ensureTestImage, removeTestContainers, testEnvironment, testLaunch, testPlan } from "./docker-fixture.ts";
import { removeTestCaches } from "./remove-test-caches.ts";

// A program: prints from the decision to start to the first byte on stdout, in ms, of the same container by each way.

const rounds = 10;
const instanceId = `first-byte-${process.pid}`;
const engine = createDockerEngine({ environment: testEnvironment, instanceId });
const plan = testPlan({ command: ["node", "-e", "process.stdout.write('x')"] });
const bridged = {
  ...plan,
  network: { ...plan.network, mode: "bridge" },
  hardening: { ...plan.hardening, hasInit: true },
};

interface Way {
  readonly name: string;
  readonly times: number[];
  measure(): Promise<number>;
}

const ways: readonly Way[] = [
  { name: "docker run -i", measure: () => byCommand(testLaunch(instanceId, bridged)), times: [] },
  { name: "MCPProxy", measure: () => byEngine(engine, testLaunch(instanceId, bridged)), times: [] },
  {
    name: "MCPProxy, cache volume",
    measure: () => byEngine(engine, testLaunch(instanceId, { ...bridged, cache: { target: cacheFolder } })),
    times: [],
  },
];

try {
  await ensureTestImage(engine);
  // What the first of each measures is the warming up, and the making of the volume.
  for (const way of ways) await way.measure();
  for (let round = 0; round < rounds; round += 1) for (const way of ways) way.times.push(await way.measure());
  process.stdout.write(`${JSON.stringify(ways.map(({ name, times }) => ({ name, times })))}\n`);
} finally {
  await engine.close();
  await removeTestContainers(instanceId);
  await removeTestCaches(instanceId);
}

async function byEngine(docker: ContainerEngine, launch: ContainerLaunch): Promise<number> {
  const first = Promise.withResolvers<number>();
  const startedMs = performance.now();
  const workload = await docker.create(launch, {
    onStdout: () => first.resolve(performance.now() - startedMs),
    onStderr: () => undefined,
  });
  await workload.start();
  const elapsedMs = await first.promise;
  await workload.ended;
  await workload.remove();
  return elapsedMs;
}

async function byCommand({ plan: printed, identity }: ContainerLaunch): Promise<number> {
  const startedMs = performance.now();
  const child = spawn("docker", toDockerRunArgs(printed, identity), { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const elapsedMs = performance.now() - startedMs;
  child.stdin.end();
  await once(child, "close");
  await engine.removeContainer(identity.name);
  return elapsedMs;
}
