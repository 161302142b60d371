import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import type { IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineError, type ContainerLaunch, type Workload } from "../engine.ts";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testImage,
  testLaunch,
  testPlan,
} from "../testing/docker-fixture.ts";
import { describeEngineContract } from "../testing/engine-contract.ts";
import { recordOutput } from "../testing/recorded-output.ts";
import { createDockerEngine } from "./docker-engine.ts";

const docker = (...args: string[]) => promisify(execFile)("docker", args);
const instanceId = `test-${randomUUID()}`;
const engine = createDockerEngine({ environment: testEnvironment, instanceId });
const forever: IsolationPlan["command"] = ["node", "-e", "setInterval(() => {}, 1000)"];

const ignore = (): void => undefined;

const create = (
  plan: Partial<IsolationPlan> & Pick<IsolationPlan, "command">,
  output = recordOutput(),
): Promise<Workload> => engine.create(testLaunch(instanceId, testPlan(plan)), output);

async function start(plan: Partial<IsolationPlan> & Pick<IsolationPlan, "command">): Promise<Workload> {
  const workload = await create(plan);
  await workload.start();
  return workload;
}

async function createAndStart(launch: ContainerLaunch): Promise<void> {
  const workload = await engine.create(launch, recordOutput());
  try {
    await workload.start();
  } finally {
    await workload.remove();
  }
}

beforeAll(() => ensureTestImage(engine));
afterAll(async () => {
  await engine.close();
  await removeTestContainers(instanceId);
});

describeEngineContract("docker engine", {
  nodeCommand: "node",
  create: (command, output) => engine.create(testLaunch(instanceId, testPlan({ command })), output),
  killedBySigkill: { exitCode: 137, containerState: "exited" },
});

describe("docker engine", () => {
  it("tells an out-of-memory kill with flag, event and exit code", async () => {
    const limits = { memoryBytes: 32 * 1024 * 1024, memorySwapBytes: 32 * 1024 * 1024, cpus: 1, pids: 64, ulimits: [] };
    const script = "const kept = []; setInterval(() => kept.push(Buffer.alloc(8_000_000, 1)), 5)";
    const workload = await start({ command: ["node", "-e", script], limits });
    const end = await workload.ended;
    expect(end).toMatchObject({ exitCode: 137, isOomFlagSet: true, containerState: "exited" });
    expect(end.events.map((event) => event.action)).toContain("oom");
    await workload.remove();
  });

  it("creates nothing when a link was put in the place of a folder that was judged", async () => {
    const mounts = [{ source: "/proc/self/cwd", target: "/data", isReadOnly: false, realSource: "/srv/data" }];
    await expect(create({ command: forever, mounts })).rejects.toThrow("led to /srv/data when the config was read");
    expect(await docker("ps", "-aq", "--filter", `label=com.mcpproxy.instance=${instanceId}`)).toMatchObject({
      stdout: "",
    });
  });

  it("sees a kill from outside, and tells the end within 50 ms of the death", async () => {
    const workload = await start({ command: forever });
    const died = Promise.withResolvers<number>();
    workload.onEvent((event) => event.action === "die" && died.resolve(performance.now()));
    await docker("kill", workload.id);
    const end = await workload.ended;
    const endedAfterMs = performance.now() - (await died.promise);
    expect(end).toMatchObject({ exitCode: 137, isOomFlagSet: false });
    expect(end.events.find((event) => event.action === "kill")?.signal).toBe(9);
    expect(endedAfterMs).toBeLessThan(200);
    await workload.remove();
  });

  it("tells a container that somebody removed as gone", async () => {
    const workload = await start({ command: forever });
    await docker("rm", "-f", workload.id);
    expect((await workload.ended).events.map((event) => event.action)).toContain("die");
  });

  it("tells the exit of a command that is missing behind an init process", async () => {
    const output = recordOutput();
    const hardening = { ...testPlan({ command: forever }).hardening, hasInit: true };
    const workload = await create({ command: ["no-such-command-here"], hardening }, output);
    await workload.start();
    expect(await workload.ended).toMatchObject({ exitCode: 127, containerState: "exited" });
    expect(output.stderr()).toContain("exec no-such-command-here failed");
    await workload.remove();
  });

  it.each([
    ["create", { network: { mode: "no-such-network", allowHosts: [], dns: [], extraHosts: [] } }, "no-such-network"],
    ["create", { mounts: [{ source: "relative", target: "not-absolute", isReadOnly: true }] }, "not-absolute"],
    ["create", { image: "mcpproxy-test/no-such-image:1" }, "no-such-image"],
  ] as const)("rejects with stage %s for %j", async (stage, change, words) => {
    const launch = testLaunch(instanceId, testPlan({ command: forever, ...change }));
    const failure = await createAndStart(launch).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({ detail: { stage }, message: expect.stringContaining(words) });
    expect((await engine.listOwned(instanceId)).map((container) => container.name)).not.toContain(launch.identity.name);
  });

  it("lists, ends and removes a container that nobody is attached to", async () => {
    const workload = await start({ command: forever });
    const owned = (await engine.listOwned(instanceId)).find((container) => container.id === workload.id);
    expect(owned).toMatchObject({ server: "contract", isRunning: true });
    const end = await engine.endAbandoned(workload.id);
    expect(end).toMatchObject({ exitCode: 137, containerState: "exited" });
    expect(end.events.map((event) => event.action)).toEqual(expect.arrayContaining(["start", "kill", "die"]));
    await engine.removeContainer(workload.id);
    expect(await engine.endAbandoned(workload.id)).toMatchObject({ containerState: "gone" });
    await engine.removeContainer(workload.id);
  });

  it("survives a cut of the events stream", async () => {
    const other = createDockerEngine({ environment: testEnvironment, instanceId });
    const workload = await other.create(testLaunch(instanceId, testPlan({ command: forever })), recordOutput());
    await workload.start();
    await other.close();
    await docker("kill", workload.id);
    expect(await workload.ended).toMatchObject({ exitCode: 137, containerState: "exited" });
    await workload.remove();
  });
});

describe("docker engine images", () => {
  const ensure = (image: string, policy: "missing" | "always" | "never" = "missing") =>
    engine.ensureImage({
      image,
      policy,
      deadlineMs: 20_000,
      signal: new AbortController().signal,
      onPullStarted: ignore,
      onProgress: ignore,
    });

  it("finds a local image, with the mark of one built from the host", async () => {
    const facts = await ensure(testImage);
    expect(facts).toMatchObject({ wasPulled: false, builtFromHost: expect.stringMatching(/^v\d+/) });
    expect(facts.digest).toMatch(/^sha256:/);
  });

  it("does not pull when the policy says never", async () => {
    await expect(ensure("mcpproxy-test/none:1", "never")).rejects.toMatchObject({
      detail: { stage: "image", code: "not_found" },
    });
  });

  it("says when the registry cannot be reached", async () => {
    await expect(ensure("127.0.0.1:9/none:1")).rejects.toMatchObject({
      detail: { stage: "image", code: "registry_unreachable" },
    });
  });

  it("refuses a name that cannot be one", async () => {
    await expect(ensure("Bad Name:1")).rejects.toMatchObject({ detail: { stage: "image", code: "not_found" } });
  });

  it("stops at the deadline, and when cancelled", async () => {
    const request = {
      image: "127.0.0.1:9/none:1",
      policy: "always",
      onPullStarted: ignore,
      onProgress: ignore,
    } as const;
    const signal = new AbortController().signal;
    await expect(engine.ensureImage({ ...request, deadlineMs: 0, signal })).rejects.toMatchObject({
      detail: { code: "timed_out" },
    });
    await expect(engine.ensureImage({ ...request, deadlineMs: 9_000, signal: AbortSignal.abort() })).rejects.toThrow(
      "cancelled",
    );
  });
});

describe("docker engine status", () => {
  it("is available with versions", async () => {
    expect(await engine.probe()).toMatchObject({
      state: "available",
      problem: null,
      apiVersion: expect.stringMatching(/^1\./),
    });
  });

  it("says what to do when there is no engine", async () => {
    const away = createDockerEngine({
      environment: { dockerConfigDir: "/none", dockerHost: "unix:///none/docker.sock" },
      instanceId,
    });
    const status = await away.probe();
    expect(status).toMatchObject({ state: "unavailable", context: "DOCKER_HOST" });
    expect(status.problem?.message).toContain("/none/docker.sock");
    const failure = away.create(testLaunch(instanceId, testPlan({ command: forever })), recordOutput());
    await expect(failure).rejects.toMatchObject({ detail: { stage: "engine" } });
    await away.close();
  });
});
