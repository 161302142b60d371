import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { cacheVolumeName } from "@mcpproxy/core/docker/cache-volume-name";
import { cacheEnv, cacheFolder } from "@mcpproxy/core/plan/cache-volume";
import type { IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { CacheVolume, Workload } from "../engine.ts";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testLaunch,
  testPlan,
} from "../testing/docker-fixture.ts";
import { startLoopbackNpmRegistry, type LoopbackNpmRegistry } from "../testing/loopback-npm-registry.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { removeTestCaches } from "../testing/remove-test-caches.ts";
import { createDockerEngine } from "./docker-engine.ts";

const docker = (...args: string[]) => promisify(execFile)("docker", args);
const instanceId = `test-${randomUUID()}`;
const engine = createDockerEngine({ environment: testEnvironment, instanceId });
const words = ["#one", 'two "quoted" words', "", "--three=ü\n4"];
const standing: Workload[] = [];
let registry: LoopbackNpmRegistry;

beforeAll(() => ensureTestImage(engine));
beforeEach(async () => {
  registry = await startLoopbackNpmRegistry();
});
afterEach(async () => {
  for (const workload of standing.splice(0)) await workload.remove();
  await removeTestCaches(instanceId);
  await registry[Symbol.asyncDispose]();
});
afterAll(async () => {
  await engine.close();
  await removeTestContainers(instanceId);
});

it("downloads a package once, and starts it the second time without any network", async () => {
  expect(await runNpx(npxPlan("one"))).toEqual(words);
  expect(registry.downloads).toBe(1);
  const offline = { name: "npm_config_offline", value: "true", isSecret: false };
  const plan = npxPlan("one");
  const network = { ...plan.network, mode: "none" };
  expect(await runNpx({ ...plan, network, env: [...plan.env, offline] })).toEqual(words);
  expect(registry.downloads).toBe(1);
});

it("never shares a cache between two servers", async () => {
  await runNpx(npxPlan("one"));
  await runNpx(npxPlan("two"));
  expect(registry.downloads).toBe(2);
  expect((await caches()).map(({ server }) => server)).toEqual(["one", "two"]);
});

it("can be written to by a user without rights, under a read-only root", async () => {
  const strict = strictPlan("one", "1234:1234");
  expect(await runNpx(strict)).toEqual(words);
  expect(await runNpx(strict)).toEqual(words);
  expect(registry.downloads).toBe(1);
});

it("gives a user that the config changes a folder of its own, and everyone an image's user", async () => {
  await runNpx(npxPlan("one"));
  expect(await runNpx(strictPlan("one", "1234"))).toEqual(words);
  expect(await runNpx(strictPlan("one", "nobody"))).toEqual(words);
  expect(registry.downloads).toBe(3);
});

it("tells size and users, refuses to remove what is in use, and removes the rest", async () => {
  await runNpx(npxPlan("one"));
  const running = await start({ ...npxPlan("one"), command: ["node", "-e", "setInterval(() => {}, 1000)"] });
  const [cache] = await caches();
  expect(cache).toMatchObject({ server: "one", instance: instanceId, usedBy: [{ isRunning: true }] });
  expect(cache?.sizeBytes).toBeGreaterThan(1_000);
  expect(Date.parse(cache?.createdAt ?? "")).toBeGreaterThan(Date.now() - 600_000);
  const volume = cacheVolumeName(instanceId, "one");
  expect(await engine.removeCache(volume)).toEqual({ kind: "kept", reason: expect.stringMatching(/running.*stop/) });
  await running.signal("SIGKILL");
  await running.ended;
  expect(await engine.removeCache(volume)).toEqual({ kind: "kept", reason: expect.stringContaining("docker rm") });
  await running.remove();
  expect(await engine.removeCache(volume)).toEqual({ kind: "removed" });
  expect(await engine.removeCache(volume)).toEqual({ kind: "removed" });
  expect(await caches()).toEqual([]);
});

it("lists no volume of others, and removes none", async () => {
  const foreign = `mcpproxy-test-foreign-${randomUUID()}`;
  await docker("volume", "create", foreign);
  try {
    expect(await engine.removeCache(foreign)).toMatchObject({ kind: "kept" });
    expect((await caches()).map(({ volume }) => volume)).not.toContain(foreign);
  } finally {
    await docker("volume", "rm", foreign);
  }
});

it("makes a volume that the printed docker command left without labels its own", async () => {
  await docker("volume", "create", cacheVolumeName(instanceId, "one"));
  await runNpx(npxPlan("one"));
  expect((await caches()).map(({ server }) => server)).toEqual(["one"]);
});

it("asks for the platform of the plan", async () => {
  const failure = start({ ...npxPlan("one"), platform: "linux/s390x" });
  await expect(failure).rejects.toMatchObject({ message: expect.stringContaining("linux/s390x") });
});

function caches(): Promise<readonly CacheVolume[]> {
  return engine.listCaches({ instanceId, sizeDeadlineMs: 30_000 });
}

function npxPlan(server: string, user?: string): IsolationPlan {
  const { hardening, ...plan } = testPlan({ command: ["npx", "-y", registry.packageName, ...words] });
  return {
    ...plan,
    server,
    runtime: "npx",
    env: [
      { name: "npm_config_registry", value: registry.url, isSecret: false },
      { name: "npm_config_update_notifier", value: "false", isSecret: false },
      ...cacheEnv("npx", { user, taken: new Set() }),
    ],
    network: { ...plan.network, mode: "host" },
    cache: { target: cacheFolder },
    hardening: { ...hardening, ...(user === undefined ? {} : { user }) },
  };
}

function strictPlan(server: string, user: string): IsolationPlan {
  const plan = npxPlan(server, user);
  return {
    ...plan,
    env: [...plan.env, { name: "HOME", value: "/tmp", isSecret: false }],
    tmpfs: [{ path: "/tmp", options: "mode=1777,exec" }],
    hardening: { ...plan.hardening, hasReadOnlyRoot: true },
  };
}

async function start(plan: IsolationPlan, output = recordOutput()): Promise<Workload> {
  const workload = await engine.create(testLaunch(instanceId, plan), output);
  standing.push(workload);
  await workload.start();
  return workload;
}

/** The words that the package saw. */
async function runNpx(plan: IsolationPlan): Promise<unknown> {
  const output = recordOutput();
  const workload = await start(plan, output);
  const { exitCode } = await workload.ended;
  expect(exitCode, output.stderr()).toBe(0);
  await workload.remove();
  return JSON.parse(output.stdout().toString());
}
