import { symlink } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { ensureTestImage, removeTestContainers, testEnvironment, testImage } from "../engine/testing/docker-fixture.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";

/** The smallest server there is: it answers everything with a handshake. */
const program = `process.stdin.on("data", (chunk) => {
  for (const line of String(chunk).split("\\n").filter(Boolean)) {
    const { id } = JSON.parse(line);
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "late", version: "1" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
});`;
const late = {
  name: "late",
  command: "node",
  args: ["-e", program],
  isolation: { image: testImage, pull_policy: "never" },
};
let running: TestService;

beforeAll(async () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(engine);
  await engine.close();
  running = await startTestService({ mcpServers: [late] });
});

afterAll(async () => {
  const { instanceId } = running.service.core;
  await running[Symbol.asyncDispose]();
  await removeTestContainers(instanceId);
});

test("a server in a container waits for Docker, and starts by itself when Docker appears", async () => {
  const { supervisor } = running.service.core;
  await running.service.startServers();
  expect(supervisor.find("late")?.record()).toMatchObject({ state: "engine_unavailable", run: null });
  await symlink(testEnvironment.dockerHost?.replace("unix://", "") ?? "/var/run/docker.sock", running.dockerSocket);
  await until("late is ready", () => supervisor.find("late")?.isReady || undefined, 20_000);
  const record = supervisor.find("late")?.record();
  expect(record?.run?.containerName).toMatch(/^mcpproxy-late-[a-z0-9]{4}$/);
});
