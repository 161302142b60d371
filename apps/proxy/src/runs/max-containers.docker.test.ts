import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { instanceLabel } from "@mcpproxy/core/docker/labels";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { ensureTestImage, removeTestContainers, testEnvironment, testImage } from "../engine/testing/docker-fixture.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { clientOf, supervisorOf } from "./testing/supervised-server.ts";

const program = `process.stdin.on("data", (chunk) => {
  for (const line of String(chunk).split("\\n").filter(Boolean)) {
    const { id } = JSON.parse(line);
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "small", version: "1" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
});`;
const deadlineMs = 60_000;
let running: TestService;

beforeAll(async () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(engine);
  await engine.close();
  const { dockerHost } = testEnvironment;
  running = await startTestService(
    {
      docker_isolation: { network_mode: "none", max_containers: 2, timeout: "5s", start: "lazy" },
      mcpServers: ["a", "b", "c"].map((name) => ({
        name,
        command: "node",
        args: ["-e", program],
        isolation: { image: testImage, pull_policy: "never", ...(name === "c" ? {} : { start: "eager" }) },
      })),
    },
    { variables: dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost } },
  );
  await running.service.startServers();
}, 120_000);
afterAll(async () => {
  const { instanceId } = running.service.core;
  await running[Symbol.asyncDispose]();
  await removeTestContainers(instanceId);
}, 60_000);

const server = (name: string) => supervisorOf(running, name);
const inState = (name: string, state: string) =>
  until(
    `${name} is ${state}`,
    () => (server(name).record().state === state ? server(name).record() : undefined),
    deadlineMs,
  );
const runningContainers = async (): Promise<number> => {
  const filter = `label=${instanceLabel}=${running.service.core.instanceId}`;
  const { stdout } = await promisify(execFile)("docker", ["ps", "-q", "--filter", filter]);
  return stdout.split("\n").filter((id) => id !== "").length;
};

test("with every place in use, a start waits: unused servers make room, used ones do not", async () => {
  await inState("a", "ready");
  await inState("b", "ready");
  const a = clientOf(server("a"));
  await a.ask("ping-pong");

  // Nobody uses b: it makes room for c, for which a client waits.
  const c = clientOf(server("c"));
  const asked = until("c answers", () => c.ask("ping-pong").catch(() => undefined), deadlineMs);
  const queued = await inState("c", "queued");
  expect(queued.problem).toMatchObject({
    code: "max_containers",
    message: "Waits: 2 containers run, and max_containers is 2.",
  });
  expect(await asked).toContain("small");
  expect(await inState("b", "idle")).toMatchObject({
    lastVerdict: { verdict: { kind: "stopped_by_policy", summary: "Made room for another server." } },
  });
  expect(await runningContainers()).toBe(2);

  // Both are used: b waits, and a call for it not longer than the start timeout.
  const b = clientOf(server("b"));
  await expect(b.ask("ping-pong")).rejects.toMatchObject({
    rpc: {
      code: "limit_exceeded",
      message: expect.stringMatching(/^b: all 2 containers that max_containers allows are in use.* within 5 s\./),
      data: { reason: "max_containers", retryable: true },
    },
  });
  expect(await runningContainers()).toBe(2);

  // A place becomes free, and the start that still waits takes it.
  await server("a").stopByUser(running.service.core.supervisor.userIntent("tester", undefined));
  expect(await b.ask("ping-pong")).toContain("small");
  const { id = "" } = server("b").record().run ?? {};
  const events = await running.service.core.store.runs.events(id);
  expect(events.map(({ message }) => message)).toContain("Waits: 2 containers run, and max_containers is 2.");
  expect(await runningContainers()).toBe(2);
}, 180_000);
