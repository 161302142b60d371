import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { testEnvironment, testPlan } from "../engine/testing/docker-fixture.ts";
import { EgressGate } from "./egress-gate.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const engine = createDockerEngine({ environment: testEnvironment, instanceId: `test-${randomUUID()}` });
const gate = new EgressGate({ platform: process.platform, upstreamProxy: undefined });
const plan = testPlan({
  command: ["node"],
  network: { mode: "allowlist", allowHosts: ["registry.example.com"], dns: [], extraHosts: [] },
});

beforeAll(() => engine.egress.ensure());
afterAll(async () => {
  await gate.close();
  await engine.close();
});

it("goes on with the open filter after an engine that did not answer once", async () => {
  let isAway = false;
  const ensure = () => (isAway ? Promise.reject(new Error("away")) : engine.egress.ensure());
  const shaky = { ...engine, status: engine.status, egress: { ...engine.egress, ensure } };
  const own = new EgressGate({ platform: process.platform, upstreamProxy: undefined });
  try {
    const first = await own.open(shaky, plan);
    isAway = true;
    await expect(own.open(shaky, plan)).rejects.toThrow("away");
    isAway = false;
    expect((await own.open(shaky, plan)).plan.env).toEqual(first.plan.env);
  } finally {
    await own.close();
  }
});

it.runIf(isRoot)("puts rules that a reloaded firewall lost back before the next container", async () => {
  const first = await gate.open(engine, plan);
  const { bridgeName } = await engine.egress.ensure();
  const jump = ["INPUT", "-i", bridgeName, "-j", `MCPPROXY-${bridgeName}`];
  await run("iptables", ["--wait", "5", "-D", ...jump]);
  const second = await gate.open(engine, plan);
  await run("iptables", ["--wait", "5", "-C", ...jump]);
  expect(second).toEqual(first);
});

it("closes a way out that nobody needs, but not one that is opened while that is being asked", async () => {
  const own = new EgressGate({ platform: process.platform, upstreamProxy: undefined });
  const ownEngine = createDockerEngine({ environment: testEnvironment, instanceId: `test-${randomUUID()}` });
  const exists = async (name: string): Promise<boolean> =>
    (await run("docker", ["network", "ls", "--quiet", "--filter", `name=^${name}$`])).stdout.trim() !== "";
  try {
    const { name } = await ownEngine.egress.ensure();
    const opened = await own.open(ownEngine, plan);
    await own.closeUnused(() => Promise.resolve(true));
    expect(await exists(name)).toBe(true);
    await own.closeUnused(async () => {
      await own.open(ownEngine, plan);
      return false;
    });
    expect(await exists(name)).toBe(true);
    await own.closeUnused(() => Promise.resolve(false));
    expect(await exists(name)).toBe(false);
    const again = await own.open(ownEngine, plan);
    expect(again.plan.network.mode).toBe(opened.plan.network.mode);
    expect(await exists(name)).toBe(true);
  } finally {
    await own.close();
    await ownEngine.close();
  }
});
