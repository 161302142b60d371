import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../testing/until.ts";
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
const sizeBytes = 2 * 1024 * 1024;

beforeAll(() => ensureTestImage(engine));
afterAll(async () => {
  await engine.close();
  await removeTestContainers(instanceId);
});

test("what a container downloads is seen while it does, and only then", async () => {
  let answer = (): void => undefined;
  const server = createServer((_request, response) => {
    answer = () => void response.end(Buffer.alloc(sizeBytes));
  }).listen(0, "0.0.0.0");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const program = `fetch("http://host.docker.internal:${port}/").then((r) => r.arrayBuffer()).then(() => setInterval(() => {}, 1000))`;
  const network = {
    mode: "bridge",
    allowHosts: [],
    dns: [],
    extraHosts: ["host.docker.internal:host-gateway"],
  };
  const workload = await engine.create(
    testLaunch(instanceId, testPlan({ command: ["node", "-e", program], network })),
    recordOutput(),
  );
  try {
    expect(await workload.readTransferredBytes()).not.toBeGreaterThan(sizeBytes);
    await workload.start();
    await once(server, "request");
    const before = await until("the first reading", () => workload.readTransferredBytes());
    expect(before).toBeLessThan(64 * 1024);
    answer();
    const after = await until("the download is seen", async () => {
      const bytes = await workload.readTransferredBytes();
      return bytes !== undefined && bytes >= sizeBytes ? bytes : undefined;
    });
    expect(after).toBeLessThan(2 * sizeBytes);
  } finally {
    await workload.remove();
    server.closeAllConnections();
    server.close();
  }
});
