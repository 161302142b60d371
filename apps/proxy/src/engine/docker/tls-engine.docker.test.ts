import { afterAll, beforeAll, expect, test } from "vitest";
import { createDockerConfig, type DockerConfigFixture } from "../testing/docker-config-fixture.ts";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testLaunch,
  testPlan,
} from "../testing/docker-fixture.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { startTlsRelay, type TlsRelay } from "../testing/tls-relay.ts";
import { createDockerEngine } from "./docker-engine.ts";
import type { DockerTarget } from "./docker-connector.ts";

const instanceId = "tls-engine-test";
let relay: TlsRelay;
let dockerConfig: DockerConfigFixture;

beforeAll(async () => {
  const socketPath = (testEnvironment.dockerHost ?? "unix:///var/run/docker.sock").replace("unix://", "");
  relay = await startTlsRelay(socketPath);
  dockerConfig = await createDockerConfig();
  await dockerConfig.addContext({ name: "remote", host: relay.host, tls: relay.client });
  await dockerConfig.addContext({ name: "stranger", host: relay.host });
  const engine = createDockerEngine({ environment: testEnvironment, instanceId });
  await ensureTestImage(engine);
  await engine.close();
});
afterAll(async () => {
  await removeTestContainers(instanceId);
  await dockerConfig[Symbol.asyncDispose]();
  await relay[Symbol.asyncDispose]();
});

const engineOf = (target: DockerTarget) =>
  createDockerEngine({ environment: { dockerConfigDir: dockerConfig.folder }, target, instanceId });

test("a container runs over tcp with the TLS files of a context, its stdio included", async () => {
  const engine = engineOf({ kind: "context", name: "remote" });
  const output = recordOutput();
  const launch = testLaunch(instanceId, testPlan({ command: ["node", "-e", "process.stdin.pipe(process.stdout)"] }));
  const workload = await engine.create(launch, output);
  await workload.start();
  workload.write("over TLS\n");
  workload.closeStdin();
  expect(await workload.ended).toMatchObject({ exitCode: 0 });
  expect(output.stdout().toString()).toBe("over TLS\n");
  expect(engine.status).toMatchObject({ state: "available", context: "remote", endpoint: relay.host });
  await workload.remove();
  await engine.close();
});

test("an engine that wants a certificate is unavailable without one, and says where", async () => {
  const engine = engineOf({ kind: "context", name: "stranger" });
  expect(await engine.probe()).toMatchObject({
    state: "unavailable",
    problem: { message: expect.stringContaining(`${relay.host} (context stranger)`) },
  });
  await engine.close();
});
