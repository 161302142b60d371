import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { createDockerConfig, type DockerConfigFixture } from "../engine/testing/docker-config-fixture.ts";
import {
  ensureTestImage,
  removeTestContainers,
  testEnvironment,
  testImage,
  testLaunch,
  testPlan,
} from "../engine/testing/docker-fixture.ts";
import { recordOutput } from "../engine/testing/recorded-output.ts";
import { containerNames, startSecondEngine, type SecondEngine } from "../engine/testing/second-engine.ts";
import type { ServerSupervisor } from "../runs/server-supervisor.ts";
import { makeRun } from "../store/testing/make-run.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";

/** The smallest server there is: it answers everything with a handshake, and goes with its input. */
const program = `process.stdin.on("data", (chunk) => {
  for (const line of String(chunk).split("\\n").filter(Boolean)) {
    const { id } = JSON.parse(line);
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "small", version: "1" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
});`;
const serverOf = (name: string, isolation: object = {}): object => ({
  name,
  command: "node",
  args: ["-e", program],
  isolation: { image: testImage, pull_policy: "never", network_mode: "none", ...isolation },
});
const firstHost = testEnvironment.dockerHost ?? "unix:///var/run/docker.sock";
const awayHost = "unix:///nowhere/docker.sock";
/** A pid that no process has. */
const deadOwner = { pid: 4_194_305, processStartedAt: "1" };
let second: SecondEngine;
let dockerConfig: DockerConfigFixture;
let running: TestService;

beforeAll(async () => {
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(engine);
  await engine.close();
  second = await startSecondEngine([testImage]);
});
afterAll(() => second[Symbol.asyncDispose]());
beforeEach(async () => {
  dockerConfig = await createDockerConfig();
  await dockerConfig.addContext({ name: "first", host: firstHost });
  await dockerConfig.addContext({ name: "second", host: second.host, description: "The other one" });
  await dockerConfig.addContext({ name: "away", host: awayHost });
  await dockerConfig.useContext("first");
});
afterEach(async () => {
  const { instanceId } = core();
  await running[Symbol.asyncDispose]();
  await removeTestContainers(instanceId);
  await dockerConfig[Symbol.asyncDispose]();
});

const core = () => running.service.core;
const status = () => core().engines.fallback.status;
const contextNamed = (name: string) =>
  core()
    .engines.contexts()
    .find((one) => one.name === name);

async function start(servers: readonly object[], dockerIsolation: object = {}): Promise<void> {
  running = await startTestService(
    { docker_isolation: dockerIsolation, mcpServers: servers },
    { variables: { DOCKER_CONFIG: dockerConfig.folder } },
  );
  await running.service.startServers();
}

function find(name: string): ServerSupervisor {
  const server = core().supervisor.find(name);
  if (server === undefined) throw new Error(`no ${name}`);
  return server;
}

/** The container of a server that is ready. */
async function readyContainer(name: string): Promise<{ readonly runId: string; readonly container: string }> {
  const run = await until(
    `${name} is ready`,
    () => (find(name).isReady ? find(name).record().run : null) ?? undefined,
    20_000,
  );
  return { runId: run.id, container: run.containerName ?? "" };
}

const restart = (name: string): Promise<void> => find(name).restart(core().supervisor.userIntent("tester", undefined));

test("servers pinned to engines run there, and their runs say so", async () => {
  await start([serverOf("one", { docker_host: firstHost }), serverOf("two", { docker_context: "second" })]);
  const one = await readyContainer("one");
  const two = await readyContainer("two");
  expect(await containerNames(firstHost)).toContain(one.container);
  expect(await containerNames(second.host)).toEqual([two.container]);
  const { runs } = core().store;
  expect((await runs.find(one.runId))?.engine).toEqual({ context: "docker_host", endpoint: firstHost });
  expect((await runs.find(two.runId))?.engine).toEqual({ context: "second", endpoint: second.host });
  expect(core().engines.list()).toHaveLength(2);
  expect(contextNamed("second")).toMatchObject({
    description: "The other one",
    isDefault: false,
    reason: 'docker_context is "second"',
    state: "available",
    servers: ["two"],
  });
});

describe("after `docker context use`", () => {
  test("the old run stays where it is, the next run goes to the new engine, and the status shows both", async () => {
    await start([serverOf("moving")]);
    const before = await readyContainer("moving");
    await dockerConfig.useContext("second");
    await until("the switch is seen", () => status().context === "second" || undefined);
    expect(find("moving").isReady).toBe(true);
    expect(await containerNames(firstHost)).toContain(before.container);
    expect(await containerNames(second.host)).toEqual([]);
    expect(contextNamed("first")).toMatchObject({ isDefault: false, isUsed: true, servers: ["moving"] });
    expect(contextNamed("second")).toMatchObject({ isDefault: true, servers: [], state: "available" });

    await restart("moving");
    const after = await readyContainer("moving");
    expect(await containerNames(second.host)).toEqual([after.container]);
    expect(await containerNames(firstHost)).not.toContain(before.container);
    expect((await core().store.runs.find(after.runId))?.engine?.context).toBe("second");
    await until("the first engine is closed", () => core().engines.list().length === 1 || undefined);
    expect(contextNamed("first")).toMatchObject({ isUsed: false, state: "unchecked" });
  });

  test("nothing starts on another engine while the new one is away, and it starts once one is there", async () => {
    await start([serverOf("waiting")]);
    await readyContainer("waiting");
    await dockerConfig.useContext("away");
    await until("the switch is seen", () => status().context === "away" || undefined);
    await expect(restart("waiting")).rejects.toThrow(awayHost);
    expect(find("waiting").record()).toMatchObject({
      state: "engine_unavailable",
      run: null,
      problem: { message: expect.stringContaining("context away") },
    });
    await dockerConfig.useContext("second");
    const { container } = await readyContainer("waiting");
    expect(await containerNames(second.host)).toEqual([container]);
  });

  test("a context that does not exist, or a broken file, refuses starts and says why", async () => {
    await start([serverOf("refused")]);
    await readyContainer("refused");
    await dockerConfig.useContext("misspelt");
    await until("misspelt is seen", () => status().problem?.message.includes('"misspelt"') || undefined);
    await expect(restart("refused")).rejects.toThrow('"misspelt"');
    await dockerConfig.writeConfig("{");
    await until("the broken file is seen", () => status().problem?.message.includes("no JSON") || undefined);
    expect(find("refused").record()).toMatchObject({ state: "engine_unavailable" });
    await dockerConfig.useContext("first");
    await readyContainer("refused");
  });
});

test("a changed docker_host moves just the server that it concerns", async () => {
  await start([serverOf("stays"), serverOf("moves")]);
  const stays = await readyContainer("stays");
  await readyContainer("moves");
  await running.writeConfig(
    JSON.stringify({ mcpServers: [serverOf("stays"), serverOf("moves", { docker_host: second.host })] }),
  );
  await core().reloadConfig();
  const moved = await readyContainer("moves");
  expect(await containerNames(second.host)).toEqual([moved.container]);
  expect((await readyContainer("stays")).runId).toBe(stays.runId);
});

describe("what an earlier MCPProxy left open", () => {
  /** A container that runs, and the open row of its run, of a process that is dead. */
  async function leaveBehind(host: string): Promise<{ readonly runId: string; readonly name: string }> {
    const { instanceId, store } = core();
    const engine = createDockerEngine({
      environment: testEnvironment,
      target: { kind: "host", host },
      instanceId: `other-${randomBytes(4).toString("hex")}`,
    });
    const launch = testLaunch(
      instanceId,
      testPlan({
        server: "left",
        command: ["node", "-e", "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6)"],
      }),
    );
    const identity = { ...launch.identity, runId: uuidv7() };
    const workload = await engine.create({ ...launch, identity }, recordOutput());
    await workload.start();
    await engine.close();
    const run = makeRun({
      id: identity.runId,
      server: "left",
      state: "ready",
      startedAt: identity.createdAt,
      engine: { context: "docker_host", endpoint: host },
      containerName: identity.name,
    });
    await store.runs.create(run, deadOwner);
    return { runId: run.id, name: identity.name };
  }

  const verdictOf = (runId: string) =>
    until("a verdict", async () => (await core().store.runs.find(runId))?.verdict ?? undefined, 30_000);

  beforeEach(async () => {
    running = await startTestService({ mcpServers: [] }, { variables: { DOCKER_CONFIG: dockerConfig.folder } });
  });

  test("is closed on the engine where it is, also when no server uses that any more", async () => {
    const here = await leaveBehind(firstHost);
    const there = await leaveBehind(second.host);
    await running.service.startServers();
    expect((await verdictOf(here.runId)).kind).toBe("stopped_by_policy");
    expect((await verdictOf(there.runId)).kind).toBe("stopped_by_policy");
    await until("its container is gone", async () => (await containerNames(second.host)).length === 0 || undefined);
    expect(await containerNames(firstHost)).not.toContain(here.name);
    await until("the former engine is closed", () => core().engines.list().length === 1 || undefined);
  });

  test("is closed as lost when its engine cannot be reached and no server uses it any more", async () => {
    const run = makeRun({ state: "ready", engine: { context: "away", endpoint: awayHost } });
    await core().store.runs.create(run, deadOwner);
    await running.service.startServers();
    expect((await verdictOf(run.id)).kind).toBe("lost");
    const events = await core().store.runs.events(run.id);
    expect(events[0]).toMatchObject({ kind: "engine-lost", message: expect.stringContaining(awayHost) });
  });

  test("stays open while its engine is away, but still the one of a server", async () => {
    await running.writeConfig(JSON.stringify({ mcpServers: [serverOf("pinned", { docker_host: awayHost })] }));
    await core().reloadConfig();
    const { runs } = core().store;
    const waiting = makeRun({ state: "ready", engine: { context: "docker_host", endpoint: awayHost } });
    const lost = makeRun({ state: "ready", engine: { context: "gone", endpoint: "unix:///nowhere/else.sock" } });
    await runs.create(waiting, deadOwner);
    await runs.create(lost, deadOwner);
    await running.service.startServers();
    expect((await verdictOf(lost.id)).kind).toBe("lost");
    expect(await runs.find(waiting.id)).toMatchObject({ state: "ready", verdict: null });
  });
});
