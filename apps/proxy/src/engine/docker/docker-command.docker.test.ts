import { randomUUID } from "node:crypto";
import { parseDockerRun } from "@mcpproxy/core/plan/docker-run-command";
import { withIdentity } from "@mcpproxy/core/plan/docker-run-identity";
import { containerLabels } from "@mcpproxy/core/docker/labels";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../testing/until.ts";
import { readEnvironment } from "../../environment.ts";
import type { CommandContainer, EngineError, Workload, WorkloadOutput } from "../engine.ts";
import { createHostEngine } from "../host/host-engine.ts";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testImage,
  testLaunch,
  testPlan,
} from "../testing/docker-fixture.ts";
import { describeEngineContract } from "../testing/engine-contract.ts";
import { startLoopbackRegistry } from "../testing/loopback-registry.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { createDockerEngine } from "./docker-engine.ts";

const instanceId = `test-${randomUUID()}`;
const engine = createDockerEngine({ environment: testEnvironment, instanceId });
const host = createHostEngine({ inherited: readEnvironment().inherited });
const timeouts = { pullMs: 10_000, startMs: 10_000, stopMs: 1_000 };

interface Adoption {
  readonly args: readonly string[];
  readonly output?: WorkloadOutput;
  readonly pullTimeoutMs?: number;
  readonly onCreated?: (container: CommandContainer) => void;
}

/** Adopts `docker run -i --rm …` as a run would. */
function adopt({ args, output = recordOutput(), pullTimeoutMs = 30_000, onCreated }: Adoption): Promise<Workload> {
  const command = parseDockerRun(["docker", "run", "-i", "--rm", ...args]);
  if (command === undefined) throw new Error(`Not a docker run: ${args.join(" ")}`);
  const { identity } = testLaunch(instanceId, testPlan({ command: ["node"] }));
  const words = withIdentity(command, { name: identity.name, labels: containerLabels("contract", identity) });
  const variables = Object.entries(engine.commandVariables());
  return engine.adopt({
    server: "contract",
    command,
    identity,
    pullTimeoutMs,
    output,
    createClient: (through) =>
      host.create(
        {
          server: "contract",
          command: ["docker", ...words],
          env: variables.map(([name, value]) => ({ name, value, isSecret: false })),
          timeouts,
          engine: { kind: "default" },
        },
        through,
      ),
    onPullStarted: () => undefined,
    onCreated: (container) => onCreated?.(container),
    onUnseen: () => undefined,
  });
}

async function failToStart(adoption: Adoption): Promise<EngineError["detail"]> {
  const workload = await adopt(adoption);
  const error = await workload.start().catch((cause: EngineError) => cause);
  await workload.ended;
  await workload.remove();
  if (error === undefined) throw new Error("It started.");
  return error.detail;
}

beforeAll(() => ensureTestImage(engine));
afterAll(async () => {
  await engine.close();
  await removeTestContainers(instanceId);
});

describeEngineContract("docker command of the user's own", {
  nodeCommand: "node",
  create: (command, output) => adopt({ args: ["--network=none", testImage, ...command], output }),
  killedBySigkill: { exitCode: 137, containerState: "exited" },
});

describe("docker command of the user's own", () => {
  it("tells what its container was given", async () => {
    const created = Promise.withResolvers<CommandContainer>();
    const args = [
      "-m64m",
      "--cpu-quota",
      "50000",
      "--pids-limit=20",
      "--network",
      "none",
      testImage,
      "node",
      "-e",
      "1",
    ];
    const workload = await adopt({ args, onCreated: created.resolve });
    await workload.start();
    expect(await created.promise).toMatchObject({
      limits: { memoryBytes: 64 * 1024 ** 2, cpus: 0.5, pids: 20, network: "none" },
    });
    expect(await workload.ended).toMatchObject({ exitCode: 0, containerState: "exited" });
    await workload.remove();
  });

  it("is stopped when its pull takes too long", async () => {
    await using registry = await startLoopbackRegistry({
      layerBytes: [4 * 1024 * 1024],
      fault: { kind: "slow", bytesPerSecond: 64 * 1024 },
    });
    const detail = await failToStart({ args: [registry.image], pullTimeoutMs: 2_000 });
    expect(detail).toMatchObject({ stage: "image", code: "timed_out" });
  });

  it("is over at once when it is stopped during its pull", async () => {
    await using registry = await startLoopbackRegistry({
      layerBytes: [4 * 1024 * 1024],
      fault: { kind: "slow", bytesPerSecond: 64 * 1024 },
    });
    const output = recordOutput();
    const workload = await adopt({ args: [registry.image], output });
    const starting = workload.start().catch((cause: EngineError) => cause.detail.stage);
    await until("it pulls", () => output.stderr().includes("Pulling") || undefined);
    await workload.signal("SIGTERM");
    expect(await starting).toMatch(/create|image/);
    expect(await workload.ended).toMatchObject({ containerState: "gone" });
  });

  it("pulls by itself, and a broken registry is told as such", async () => {
    await using registry = await startLoopbackRegistry({ layerBytes: [1024] });
    expect(await failToStart({ args: [registry.image.replace(/:[^:/]*$/, ":none")] })).toMatchObject({
      stage: "image",
      code: "not_found",
    });
  });
});
