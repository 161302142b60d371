import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { ensureTestImage, removeTestContainers, testEnvironment, testImage } from "../engine/testing/docker-fixture.ts";
import { readEnvironment } from "../environment.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { ServerSupervisor } from "./server-supervisor.ts";

/** Answers initialize and one tool, which ends the program, or fills its memory, when asked to. */
const program = `
process.on("SIGTERM", () => process.argv[1] === "stubborn" || process.exit(0));
if (process.argv[1] === "stubborn") setInterval(() => {}, 1000);
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  if (method === "initialize")
    answer({ protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "mine", version: "1" } });
  if (method === "tools/list") answer({ tools: [{ name: "do", inputSchema: { type: "object" } }] });
  if (method !== "tools/call") return;
  const { what } = params.arguments;
  if (what === "echo") answer({ content: [{ type: "text", text: process.env.GIVEN ?? "nothing" }] });
  if (what === "exit") process.exit(3);
  if (what === "fill") { globalThis.kept = []; setInterval(() => kept.push(Buffer.alloc(8_000_000, 1)), 5); }
});`;

const token = "user-written-token-5521";
const env = { PATH: readEnvironment().inherited["PATH"] ?? "" };
/** The guide's example: isolation is on for all, and the command is docker itself. */
const dockerRun = (name: string, options: readonly string[], command: readonly string[] = ["node", "-e", program]) => ({
  name,
  command: "docker",
  args: ["run", "-i", "--rm", ...options, testImage, ...command],
  env,
});
const servers = [
  dockerRun("docker-server", ["--network", "none", "-m", "96m", "--cpus=0.5", "-e", `GIVEN=${token}`]),
  dockerRun("greedy", ["-m", "64m", "--memory-swap", "64m"]),
  dockerRun("named", ["--name", `mine-${process.pid}`]),
  {
    ...dockerRun("stubborn", [], ["node", "-e", program, "stubborn"]),
    isolation: { enabled: false, stop_timeout: "1s" },
  },
  dockerRun("missing-program", [], ["no-such-program"]),
  { ...dockerRun("missing-image", []), args: ["run", "-i", "--rm", "127.0.0.1:1/no/such-image:1"] },
  dockerRun("bad-network", ["--network", "no-such-network"]),
  dockerRun("terminal", ["-t"]),
  {
    ...dockerRun("elsewhere", []),
    args: [
      "--host",
      testEnvironment.dockerHost ?? "unix:///var/run/docker.sock",
      "run",
      "-i",
      "--rm",
      testImage,
      "node",
      "-e",
      program,
    ],
  },
];
/** A program of that name that is not Docker's. */
const shimDirectory = mkdtempSync(join(tmpdir(), "mcpproxy-docker-shim-"));
const shim = { ...dockerRun("shim", []), command: join(shimDirectory, "docker") };
let running: TestService;

beforeAll(async () => {
  const script = `#!/bin/sh\nexec ${process.execPath} -e '${program}'\n`;
  await writeFile(shim.command, script, { mode: 0o755 });
  const engine = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(engine);
  await engine.close();
  // A restart by itself would push the run that a test looks at from its place as the newest.
  const isolation = { enabled: true, restart: { policy: "never" } };
  running = await startTestService({ docker_isolation: isolation, mcpServers: [...servers, shim] });
  await symlink(testEnvironment.dockerHost?.replace("unix://", "") ?? "/var/run/docker.sock", running.dockerSocket);
  const { core } = running.service;
  await core.findEngine();
  await until("the engine is there", () => core.engines.fallback.status.state === "available" || undefined);
});
afterAll(async () => {
  const { instanceId } = running.service.core;
  await running[Symbol.asyncDispose]();
  await removeTestContainers(instanceId);
  await rm(shimDirectory, { recursive: true });
});

const docker = async (...args: string[]): Promise<string> => (await promisify(execFile)("docker", args)).stdout.trim();
const intent = () => running.service.core.supervisor.userIntent("tester", undefined);

function find(name: string): ServerSupervisor {
  const server = running.service.core.supervisor.find(name);
  if (server === undefined) throw new Error(`no ${name}`);
  return server;
}

async function start(name: string): Promise<RunRecord> {
  find(name).startByUser();
  await find(name).ensureReady("call");
  const run = find(name).liveRun(find(name).record().run?.id ?? "");
  if (run === undefined) throw new Error(`${name} does not run`);
  return run;
}

async function failToStart(name: string): Promise<RunRecord> {
  await expect(find(name).ensureReady("call")).rejects.toThrow(`${name}: `);
  return await lastRun(name);
}

async function lastRun(name: string): Promise<RunRecord> {
  return await until(`${name} has ended`, async () => {
    const { runs } = await running.service.core.store.runs.list({ server: name, limit: 1 });
    return runs[0]?.state === "ended" ? runs[0] : undefined;
  });
}

const stateOf = (containerId: string | null): Promise<string> =>
  docker("inspect", "-f", "{{.State.Status}}", containerId ?? "");

async function isThere(containerId: string | null): Promise<boolean> {
  return (await docker("ps", "-aq", "--no-trunc", "--filter", `id=${containerId}`)) !== "";
}

async function isGone(containerId: string | null): Promise<void> {
  await until("the container is gone", async () => ((await isThere(containerId)) ? undefined : true));
}

async function call(name: string, what: string): Promise<unknown> {
  const client = new Client({ name: "t", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${running.url}/mcp/${name}`)));
  try {
    return (await client.callTool({ name: "do", arguments: { what } })).content;
  } finally {
    await client.close();
  }
}

const messages = async (run: RunRecord): Promise<readonly string[]> =>
  (await running.service.core.store.runs.events(run.id)).map(({ message }) => message);

describe("Issue 1 of the guide: the command is docker itself, and isolation is on", () => {
  test("the server answers, has a finding, and its container has history", async () => {
    const run = await start("docker-server");
    expect(await call("docker-server", "echo")).toEqual([{ type: "text", text: token }]);
    expect(find("docker-server").record().findings).toMatchObject([{ code: "docker_in_docker" }]);
    expect(run).toMatchObject({
      isolation: "docker",
      image: testImage,
      containerName: expect.stringMatching(/^mcpproxy-docker-server-[a-z0-9]{4}$/),
      limits: { memoryBytes: 96 * 1024 ** 2, cpus: 0.5, pids: null, network: "none" },
      imageDigest: expect.stringContaining("sha256:"),
    });
    const labels = JSON.parse(await docker("inspect", "-f", "{{json .Config.Labels}}", run.containerName ?? ""));
    expect(labels).toMatchObject({ "com.mcpproxy.server": "docker-server", "com.mcpproxy.run": run.id });
    await until("memory was read", () => find("docker-server").record().run?.memoryBytes ?? undefined);

    await find("docker-server").stopByUser(intent());
    const ended = await lastRun("docker-server");
    expect(ended.verdict).toMatchObject({ kind: "stopped_by_user" });
    expect(ended).toMatchObject({ containerId: run.containerId, exitCode: 0 });
    await isGone(run.containerId);
  });

  test("what -e gives to the container is neither stored nor logged", async () => {
    const { core } = running.service;
    await core.store.runs.list({ limit: 50 }).then(({ runs }) => expect(JSON.stringify(runs)).not.toContain(token));
    expect(JSON.stringify(core.supervisor.list())).not.toContain(token);
    const log = await readFile(join(running.paths.logDirectory, "main.log"), "utf8");
    expect(log).toContain("docker_run_args");
    expect(log).not.toContain(token);
  });

  test("a terminal is refused with the error that docker would give", () => {
    expect(find("terminal").record()).toMatchObject({
      isolation: "refused",
      problem: { code: "docker_run_unusable", message: expect.stringContaining("the input device is not a TTY") },
    });
  });
});

describe("how a docker command of the user's own ended", () => {
  test("out of memory is told with the limit of the container, which stays", async () => {
    const { containerId } = await start("greedy");
    await expect(call("greedy", "fill")).rejects.toThrow("Out of memory");
    const run = await lastRun("greedy");
    expect(run.verdict?.summary).toBe("Out of memory: killed at the 64 MiB limit.");
    expect(run.verdict?.remedy).toContain("Raise -m (--memory) in the docker command");
    expect(run).toMatchObject({ exitCode: 137, oomKilled: true, verdict: { confidence: "certain" } });
    expect(await stateOf(containerId)).toBe("exited");
  });

  test("an exit code is the container's, and a name of the user's own is free again", async () => {
    const first = await start("named");
    await expect(call("named", "exit")).rejects.toThrow("code 3");
    expect(await lastRun("named")).toMatchObject({ exitCode: 3, verdict: { kind: "app_error" } });
    expect(await isThere(first.containerId)).toBe(true);
    const second = await start("named");
    expect(second.containerName).toBe(first.containerName);
    await find("named").stopByUser(intent());
    await isGone(first.containerId);
    await isGone(second.containerId);
  });

  test("docker kill from outside is told", async () => {
    const run = await start("docker-server");
    await docker("kill", run.containerName ?? "");
    expect((await lastRun("docker-server")).verdict).toMatchObject({ kind: "killed_outside" });
  });

  test("one that ignores end of input and SIGTERM is killed through the engine", async () => {
    const run = await start("stubborn");
    await find("stubborn").stopByUser(intent());
    expect(await lastRun("stubborn")).toMatchObject({ exitCode: 137, verdict: { kind: "stop_timeout" } });
    expect(await stateOf(run.containerId)).toBe("exited");
  });

  test("a docker command that is killed takes its container with it", async () => {
    const run = await start("stubborn");
    const lines = await promisify(execFile)("pgrep", ["-f", `docker.*${run.containerName ?? ""}`]);
    process.kill(Number(lines.stdout.trim().split("\n")[0]), "SIGKILL");
    const ended = await lastRun("stubborn");
    expect(ended.signal).toBe(9);
    // Another run of these tests may have ended within the same second, which looks like a host short of memory.
    expect(["sigkill_unknown", "host_oom"]).toContain(ended.verdict?.kind);
    expect(JSON.stringify(ended.verdict)).toContain("The docker command was ended by SIGKILL");
    expect(await stateOf(run.containerId)).toBe("exited");
  });

  test("a missing program, a missing image and a refused container are told apart", async () => {
    expect((await failToStart("missing-program")).verdict).toMatchObject({
      kind: "start_failed",
      summary: `Command not found in the image ${testImage}: no-such-program.`,
    });
    expect((await failToStart("missing-image")).verdict).toMatchObject({ kind: "image_failed" });
    const refused = await failToStart("bad-network");
    expect(refused.verdict).toMatchObject({
      kind: "start_failed",
      summary: expect.stringContaining("network no-such-network not found"),
    });
    await isGone(refused.containerId ?? "none");
  });
});

test("a docker command that chooses its engine itself runs unwatched, and says so", async () => {
  const run = await start("elsewhere");
  expect(run).toMatchObject({ isolation: "none", containerName: null, dockerRunArgs: null });
  expect(await messages(run)).toContainEqual(
    expect.stringContaining("cannot be watched: the command chooses an engine"),
  );
  await find("elsewhere").stopByUser(intent());
  expect((await lastRun("elsewhere")).verdict).toMatchObject({ kind: "stopped_by_user" });
});

test("a docker command whose container does not show up is a process like any other", async () => {
  const run = await start("shim");
  expect(run).toMatchObject({ isolation: "none", containerName: null });
  expect(await messages(run)).toContainEqual(expect.stringContaining("no container of it shows up on the engine"));
  await find("shim").stopByUser(intent());
  expect((await lastRun("shim")).verdict).toMatchObject({ kind: "stopped_by_user" });
});

test("without an engine the docker command still runs, and its own words say what is wrong", async () => {
  await using alone = await startTestService({ mcpServers: [dockerRun("alone", [])] });
  const { supervisor, store } = alone.service.core;
  await expect(supervisor.find("alone")?.ensureReady("call")).rejects.toThrow("Cannot connect to the Docker daemon");
  const run = (await store.runs.list({ limit: 1 })).runs[0];
  expect(run).toMatchObject({ isolation: "none", image: testImage, exitCode: 125 });
  const said = (await store.runs.events(run?.id ?? "")).map(({ message }) => message);
  expect(said).toContainEqual(expect.stringContaining("cannot be watched: Docker is not running"));
});
