import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureProofImage, proofImage } from "../../isolation-proof/testing/proof-image.ts";
import { until } from "../../testing/until.ts";
import type { Workload } from "../engine.ts";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testLaunch,
  testPlan,
} from "../testing/docker-fixture.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { createDockerEngine } from "./docker-engine.ts";

const instanceId = `test-${randomUUID()}`;
const engine = createDockerEngine({ environment: testEnvironment, instanceId });
const megabyte = 1024 * 1024;
const patienceMs = 30_000;

beforeAll(async () => {
  await ensureTestImage(engine);
  await ensureProofImage();
});
afterAll(async () => {
  await engine.close();
  await removeTestContainers(instanceId);
});

async function start(script: string): Promise<Workload> {
  const plan = testPlan({ command: ["node", "-e", script] });
  const workload = await engine.create(testLaunch(instanceId, plan), recordOutput());
  await workload.start();
  return workload;
}

/** Holds memory outside of V8's heap until it is killed. */
const hold = (bytes: number): string => `globalThis.kept = Buffer.alloc(${bytes}, 1); setInterval(() => {}, 1000);`;

const pidOf = ({ id }: Workload): string =>
  execFileSync("docker", ["inspect", "--format", "{{.State.Pid}}", id], { encoding: "utf8" }).trim();
const killFromHost = (workload: Workload): void => void execFileSync("kill", ["-9", pidOf(workload)]);

async function hasGrownTo(workload: Workload, bytes: number): Promise<void> {
  await until(
    `it takes ${bytes}`,
    async () => ((await workload.readResources())?.workingSetBytes ?? 0) >= bytes || undefined,
    patienceMs,
  );
}

test("no reading shows the memory of a process that is being killed", async () => {
  for (let round = 0; round < 3; round += 1) {
    const workload = await start(hold(200 * megabyte));
    await hasGrownTo(workload, 200 * megabyte);
    const endings = { isOver: false };
    const ended = workload.ended.then(() => (endings.isOver = true));
    killFromHost(workload);
    while (!endings.isOver) {
      const reading = await workload.readResources();
      expect(reading?.workingSetBytes ?? Number.POSITIVE_INFINITY).toBeGreaterThan(120 * megabyte);
      await setImmediate();
    }
    await ended;
    await workload.remove();
  }
});

test("memory that a process has given back is believed", async () => {
  const giveBack = `kept = bytearray(b"x") * ${100 * megabyte}; print(1, flush=True); input(); del kept; import time; time.sleep(1000)`;
  const output = recordOutput();
  const plan = testPlan({ image: proofImage, command: ["python3", "-c", giveBack] });
  const workload = await engine.create(testLaunch(instanceId, plan), output);
  await workload.start();
  await hasGrownTo(workload, 100 * megabyte);
  workload.write("\n");
  const reading = await until(
    "its reading falls",
    async () => {
      const next = await workload.readResources();
      return next !== undefined && next.workingSetBytes < 50 * megabyte ? next : undefined;
    },
    patienceMs,
  );
  expect(reading.peakBytes).toBeGreaterThan(100 * megabyte);
  await workload.signal("SIGKILL");
  await workload.ended;
  await workload.remove();
});

test("the kernel's peak is in the end, also of a run whose readings were lower", async () => {
  const output = recordOutput();
  const script = `setTimeout(() => { ${hold(100 * megabyte)} console.log("held"); }, 300)`;
  const workload = await engine.create(testLaunch(instanceId, testPlan({ command: ["node", "-e", script] })), output);
  await workload.start();
  const first = await workload.readResources();
  await until("it holds", () => output.stdout().includes("held") || undefined, patienceMs);
  await workload.readPeak();
  killFromHost(workload);
  const end = await workload.ended;
  expect(first?.workingSetBytes ?? 0).toBeLessThan(100 * megabyte);
  expect(end.kernelPeakBytes).toBeGreaterThan(100 * megabyte);
  await workload.remove();
});

test("cores in use are those since the reading before", async () => {
  const [busy, idle] = await Promise.all([start("for (;;);"), start("setInterval(() => {}, 1000)")]);
  expect(await busy.readResources()).toMatchObject({ cpuCores: null });
  await idle.readResources();
  const cores = await until(
    "it has used its processor",
    async () => {
      const reading = await busy.readResources();
      return typeof reading?.cpuCores === "number" && reading.cpuCores > 0.1 ? reading.cpuCores : undefined;
    },
    patienceMs,
  );
  // The plan's limit is one core; the kernel deals it out in periods.
  expect(cores).toBeLessThan(1.6);
  const rests = async () => ((await idle.readResources())?.cpuCores ?? cores) < cores / 2 || undefined;
  await until("the other one rests after its start", rests, patienceMs);
  await Promise.all([busy, idle].map((workload) => workload.remove()));
});
