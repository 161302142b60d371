import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { ensureTestImage, testEnvironment, testImage } from "../engine/testing/docker-fixture.ts";
import { startSecondEngine, type SecondEngine } from "../engine/testing/second-engine.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { clientOf, supervisorOf, type TestClient } from "./testing/supervised-server.ts";

/** Answers everything with its handshake, "hang" never, and goes on when its input ends. */
const program = `setInterval(() => {}, 1000); process.stdin.on("data", (chunk) => {
  for (const line of String(chunk).split("\\n").filter(Boolean)) {
    const { id, method } = JSON.parse(line);
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "small", version: "1" } };
    if (id !== undefined && method !== "hang") console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
});`;
const deadlineMs = 60_000;
const toTrue = () => true as const;
const toUndefined = () => undefined;

beforeAll(async () => {
  const first = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(first);
  await first.close();
});

/** A dockerd that ends in order kills its containers first, which looks like anybody's kill: those runs may have ended. */
const killedInOrder = { during: expect.any(String), attempt: expect.any(Number), verdict: {} };
const cutOff = { during: "stopping", attempt: 1, verdict: {} };
const leftRunning = {
  ...cutOff,
  verdict: {
    kind: "stopped_by_policy",
    summary: expect.stringMatching(/^Cut off from its clients: Docker stopped answering/),
  },
};

describe.each([
  { hasLiveRestore: false, signal: "SIGTERM", expected: killedInOrder },
  { hasLiveRestore: false, signal: "SIGKILL", expected: cutOff },
  { hasLiveRestore: true, signal: "SIGTERM", expected: leftRunning },
] as const)("dockerd ended by $signal, live restore $hasLiveRestore", ({ hasLiveRestore, signal, expected }) => {
  let engine: SecondEngine;
  let running: TestService;
  const names = ["eager", "lazy", "own"] as const;
  const isolation = { image: testImage, pull_policy: "never", stop_timeout: "1s" };
  const record = (name: string) => supervisorOf(running, name).record();
  const inState = (name: string, state: string) =>
    until(`${name} is ${state}`, () => (record(name).state === state ? record(name) : undefined), deadlineMs);
  const runningContainers = async (): Promise<number> => {
    const { stdout } = await promisify(execFile)("docker", ["-H", engine.host, "ps", "-q"]);
    return stdout.split("\n").filter((id) => id !== "").length;
  };

  beforeAll(async () => {
    engine = await startSecondEngine([testImage], { hasLiveRestore });
    const entry = { command: "node", args: ["-e", program] };
    running = await startTestService(
      {
        docker_isolation: { network_mode: "none", keep_exited: 0 },
        mcpServers: [
          { ...entry, name: "eager", isolation },
          { ...entry, name: "lazy", isolation: { ...isolation, start: "lazy" } },
          { ...entry, name: "own", isolation: { ...isolation, scope: "session" } },
        ],
      },
      { variables: { DOCKER_HOST: engine.host } },
    );
    await running.service.startServers();
    await inState("eager", "ready");
  }, 180_000);
  afterAll(async () => {
    await running[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  }, 120_000);

  test("fails what is in flight at once, says so of the server, and starts it anew when Docker is back", async () => {
    const clients: Record<string, TestClient> = {};
    const calls: Promise<string>[] = [];
    for (const name of names) {
      const client = clientOf(supervisorOf(running, name), name);
      clients[name] = client;
      await client.ask("ping-pong");
      calls.push(client.ask("hang"));
      await until("the call is in flight", () => record(name).run?.callsInFlight === 1 || undefined, deadlineMs);
    }
    const before = names.map((name) => record(name).run?.id ?? "");

    await engine.end(signal);
    const answers = await Promise.all(calls);
    // A dockerd that ends in order may still tell how its containers ended.
    for (const [index, answer] of answers.entries()) {
      expect(answer).toContain(`(run ${before[index] ?? ""})`);
      expect(answer).toContain('"retryable":true');
    }
    for (const name of ["eager", "lazy"]) {
      await inState(name, "engine_unavailable");
      await expect(clients[name]?.ask("ping-pong")).rejects.toMatchObject({
        rpc: { data: { reason: "engine_unavailable", retryable: true } },
      });
    }
    await until("the session is over", () => (clients["own"]?.overs === 1 ? true : undefined), deadlineMs);
    for (const runId of before) {
      const { state } = await until(
        "the history says that it serves no more",
        async () => {
          const run = await running.service.core.store.runs.find(runId);
          return run?.state === "ready" ? undefined : run;
        },
        deadlineMs,
      );
      expect(state).toEqual(expected.during);
    }

    // One that was killed leaves a containerd of its own, over which the next one may stumble once.
    await until("dockerd is back", () => engine.begin().then(toTrue, toUndefined), 120_000);
    for (const name of ["eager", "lazy"]) await inState(name, "ready");
    expect(await clients["eager"]?.ask("ping-pong")).toContain("small");
    for (const [index, runId] of before.entries()) {
      const run = await until(
        "its end is stored",
        async () => {
          const found = await running.service.core.store.runs.find(runId);
          return found?.state === "ended" ? found : undefined;
        },
        deadlineMs,
      );
      expect(run.verdict).toMatchObject(expected.verdict);
      expect(run.callsInFlight.map(({ method }) => method)).toEqual(["hang"]);
      expect([run.server, record(run.server).run?.id]).not.toEqual([names[index], runId]);
    }
    expect(await runningContainers()).toBe(2);
    for (const name of ["eager", "lazy"]) expect(record(name)).toMatchObject({ attempt: expected.attempt });
  }, 240_000);

  test.runIf(hasLiveRestore)(
    "a run stopped by hand meanwhile is gone before the next one starts",
    async () => {
      const supervisor = supervisorOf(running, "eager");
      const left = (await inState("eager", "ready")).run?.containerId;
      await engine.end(signal);
      await inState("eager", "engine_unavailable");
      await supervisor.stopByUser({ at: new Date().toISOString(), actor: "admin", reason: { kind: "user" } });
      // It says that Docker is away, and starts when it is back.
      expect(() => supervisor.startByUser()).toThrow("Docker is not running");
      await until("dockerd is back", () => engine.begin().then(toTrue, toUndefined), 120_000);
      const next = (await inState("eager", "ready")).run?.containerId;
      const events = await eventsOf(engine.host);
      expect(events).toContain(`destroy ${left}`);
      expect(events.indexOf(`destroy ${left}`)).toBeLessThan(events.indexOf(`create ${next}`));
    },
    240_000,
  );
});

/** Since the daemon began, as far as it remembers. */
async function eventsOf(host: string): Promise<readonly string[]> {
  const now = String(Math.ceil(Date.now() / 1_000));
  const range = ["--since", "0", "--until", now, "--filter", "type=container", "--format", "{{.Action}} {{.ID}}"];
  const { stdout } = await promisify(execFile)("docker", ["-H", host, "events", ...range]);
  return stdout.split("\n");
}
