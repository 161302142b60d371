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

it.runIf(isRoot)("puts rules that a reloaded firewall lost back before the next container", async () => {
  const first = await gate.open(engine, plan);
  const { bridgeName } = await engine.egress.ensure();
  const jump = ["INPUT", "-i", bridgeName, "-j", `MCPPROXY-${bridgeName}`];
  await run("iptables", ["--wait", "5", "-D", ...jump]);
  const second = await gate.open(engine, plan);
  await run("iptables", ["--wait", "5", "-C", ...jump]);
  expect(second).toEqual(first);
});
