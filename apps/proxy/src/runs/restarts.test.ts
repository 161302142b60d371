import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { ServerSupervisor } from "./server-supervisor.ts";
import { clientOf, supervisedEntry, supervisorOf, type SupervisedEntry } from "./testing/supervised-server.ts";

const quick = { backoff_initial: "1ms", backoff_max: "2ms" };
const slow = { backoff_initial: "23h", backoff_max: "24h" };
let running: TestService;

afterEach(() => running[Symbol.asyncDispose]());

async function start(entry: SupervisedEntry, settings: object = {}): Promise<ServerSupervisor> {
  running = await startTestService({ ...settings, mcpServers: [supervisedEntry(entry)] });
  await running.service.startServers();
  return supervisorOf(running);
}

const runs = () => running.service.core.store.runs.list({ limit: 100 }).then((page) => page.runs);
const intent = (note: string) => running.service.core.supervisor.userIntent("tester", note);
const inState = (server: ServerSupervisor, state: string) =>
  until(`it is ${state}`, () => (server.record().state === state ? server.record() : undefined));

test("a server that dies is started again, and its run says after which one", async () => {
  const server = await start({ isolation: { restart: quick } });
  const client = clientOf(server);
  expect(await client.ask("die")).toContain("Exited with code 3");
  const record = await until("another run", () =>
    server.isReady && server.record().attempt === 2 ? server.record() : undefined,
  );
  const dead = (await runs()).find(({ exitCode }) => exitCode === 3);
  expect(record.run?.id).not.toBe(dead?.id);
  const live = server.liveRun(record.run?.id ?? "");
  expect(live).toMatchObject({ trigger: "restart", attempt: 2, restartOf: dead?.id });
});

test("a server that backs off is started at once by a call", async () => {
  const server = await start({ isolation: { restart: slow } });
  const client = clientOf(server);
  await client.ask("die");
  const record = await inState(server, "backing_off");
  expect(Date.parse(record.nextTryAt ?? "")).toBeGreaterThan(Date.now());
  expect(await client.ask("ping-pong")).toContain("pid");
  expect(server.record()).toMatchObject({ state: "ready", nextTryAt: null, attempt: 2 });
});

describe("a server that fails three times in a row", () => {
  async function startLooping(restart: object): Promise<ServerSupervisor> {
    const server = await start({ isolation: { restart } });
    const client = clientOf(server);
    for (let deaths = 0; deaths < 3; deaths += 1) await client.ask("die");
    await inState(server, "crash_looping");
    return server;
  }

  test("is not tried for a call long before its time: the call is told the verdict and the time", async () => {
    const server = await startLooping(slow);
    const refused = server.ensureReady("call");
    await expect(refused).rejects.toThrow(
      /^a: Failed 3 times in a row, last: Exited with code 3\. Tried again in \d+[hms].* start it on the dashboard/,
    );
    await expect(refused).rejects.toMatchObject({
      rpc: { data: { reason: "crash_looping", retryable: true, verdict: { kind: "app_error" } } },
    });
    expect(server.record().problem?.code).toBe("crash_looping");
  });

  test("is tried now when a person says so", async () => {
    const server = await startLooping(slow);
    server.startByUser();
    expect(await inState(server, "ready")).toMatchObject({ attempt: 1, nextTryAt: null, problem: null });
  });

  test("lets a call wait for a try that is near", async () => {
    const server = await start({ isolation: { restart: { backoff_initial: "2s", backoff_max: "2s" } } });
    const client = clientOf(server);
    for (let deaths = 0; deaths < 3; deaths += 1) await client.ask("die");
    expect((await server.ensureReady("call")).result).toHaveProperty("pid");
    expect((await runs()).length).toBe(4);
  });

  test("stays down when a person stops it, and says who", async () => {
    const server = await startLooping(slow);
    const waiting = server.stopByUser(intent("enough"));
    await waiting;
    expect(server.record()).toMatchObject({ state: "stopped", heldBy: "tester", nextTryAt: null });
    await expect(server.ensureReady("call")).rejects.toThrow("Stopped by tester (enough).");
  });
});

describe("a server that fails max_attempts times in a row", () => {
  test("is parked: calls fail at once with the last verdict, until a person starts it", async () => {
    running = await startTestService("{}");
    const failsWhile = join(running.paths.dataDirectory, "broken");
    await writeFile(failsWhile, "");
    await running.writeConfig(
      JSON.stringify({
        mcpServers: [supervisedEntry({ failsWhile, isolation: { restart: { ...quick, max_attempts: 4 } } })],
      }),
    );
    await running.service.startServers();
    await running.service.core.reloadConfig();
    const server = supervisorOf(running);
    expect((await inState(server, "parked")).problem).toMatchObject({
      code: "parked",
      message: expect.stringMatching(/^Exited before initialize.* Not tried again, after 4 failures in a row\.$/),
    });
    expect((await runs()).map(({ attempt }) => attempt)).toEqual([4, 3, 2, 1]);
    await expect(server.ensureReady("call")).rejects.toThrow(/start it on the dashboard.*\(run .+\)$/);
    expect((await runs()).length).toBe(4);
    await rm(failsWhile);
    server.startByUser();
    expect(await inState(server, "ready")).toMatchObject({ attempt: 1, problem: null });
  });
});

test("a start that cannot succeed is parked at once, and a changed config starts it", async () => {
  const broken = { ...supervisedEntry(), command: "/nonexistent/program" };
  running = await startTestService({ mcpServers: [broken] });
  await running.service.startServers();
  const server = supervisorOf(running);
  expect((await inState(server, "parked")).problem?.message).toContain("as it would fail in the same way");
  await running.writeConfig(JSON.stringify({ mcpServers: [supervisedEntry()] }));
  await running.service.core.reloadConfig();
  await inState(server, "ready");
});

test("under the policy never the next call starts it, however often it failed", async () => {
  const server = await start({ isolation: { restart: { policy: "never" } } });
  const client = clientOf(server);
  for (let deaths = 0; deaths < 12; deaths += 1) await client.ask("die");
  await inState(server, "stopped");
  expect(await client.ask("ping-pong")).toContain("pid");
});

test("exit code 0 is no failure, unless the policy is always", async () => {
  const server = await start({ isolation: { restart: quick } });
  await clientOf(server).ask("exit");
  expect(await inState(server, "stopped")).toMatchObject({ lastVerdict: { verdict: { kind: "completed" } } });
  await running.writeConfig(
    JSON.stringify({ mcpServers: [supervisedEntry({ isolation: { restart: { ...quick, policy: "always" } } })] }),
  );
  await running.service.core.reloadConfig();
  await clientOf(server).ask("exit");
  await until("another run", () => (server.isReady && server.record().attempt === 2 ? true : undefined));
});

describe("a lazy server", () => {
  test("does not start with MCPProxy, but with the first call, and is not restarted when nobody is there", async () => {
    const server = await start({ isolation: { start: "lazy", restart: quick } });
    expect(server.record().state).toBe("stopped");
    const client = clientOf(server);
    expect(await client.ask("ping-pong")).toContain("pid");
    const dying = client.ask("die");
    client.connection.close();
    await dying;
    await inState(server, "stopped");
    expect((await runs()).length).toBe(1);
  });

  test("is restarted while a session is there", async () => {
    const server = await start({ isolation: { start: "lazy", restart: quick } });
    await clientOf(server).ask("die");
    expect(await until("another run", () => server.isReady || undefined)).toBe(true);
  });

  test("starts when the config makes it eager", async () => {
    const server = await start({ isolation: { start: "lazy" } });
    await running.writeConfig(JSON.stringify({ mcpServers: [supervisedEntry()] }));
    await running.service.core.reloadConfig();
    expect((await inState(server, "ready")).run).not.toBeNull();
  });
});

describe("a server without calls for its idle timeout", () => {
  test("is stopped with that verdict, and the next call starts it again", async () => {
    const server = await start({ isolation: { idle_timeout: "100ms" } });
    const client = clientOf(server);
    const first = await client.ask("ping-pong");
    const idle = await inState(server, "idle");
    expect(idle.lastVerdict?.verdict).toMatchObject({
      kind: "stopped_by_policy",
      summary: "Idle for 100 milliseconds.",
    });
    const again = await client.ask("ping-pong");
    expect(again).toContain("pid");
    expect(again).not.toBe(first);
  });

  test("is not stopped while a call is in flight", async () => {
    const server = await start({ answerDelayMs: 600, isolation: { idle_timeout: "100ms" } });
    await server.ensureReady("call");
    expect(await clientOf(server).ask("ping-pong")).toContain("pid");
    await inState(server, "idle");
    expect((await runs()).length).toBe(1);
  });

  test("is not stopped while a session waits for updates of a resource, and is once that has left", async () => {
    const isolation = { idle_timeout: "100ms" };
    const entries = [supervisedEntry({ isolation }), supervisedEntry({ name: "b", isolation: { idle_timeout: "1s" } })];
    running = await startTestService({ mcpServers: entries });
    const [subscribed, other] = [supervisorOf(running), supervisorOf(running, "b")];
    const client = clientOf(subscribed);
    await client.ask("resources/subscribe", { uri: "file:///a" });
    await other.ensureReady("call");
    await inState(other, "idle");
    expect(subscribed.isReady).toBe(true);
    client.connection.close();
    await inState(subscribed, "idle");
  });

  test("takes over a changed timeout without a restart", async () => {
    const server = await start({ isolation: { idle_timeout: "1h" } });
    await inState(server, "ready");
    const before = server.record().run?.id;
    await running.writeConfig(
      JSON.stringify({ mcpServers: [supervisedEntry({ isolation: { idle_timeout: "50ms" } })] }),
    );
    await running.service.core.reloadConfig();
    expect((await inState(server, "idle")).lastVerdict?.runId).toBe(before);
  });
});

test("of many servers only some start at once, the others wait for their turn", async () => {
  const names = ["a", "b", "c", "d"];
  running = await startTestService({
    docker_isolation: { max_cold_starts: 2 },
    mcpServers: names.map((name) => supervisedEntry({ name, answerDelayMs: 300 })),
  });
  const states = () => names.map((name) => supervisorOf(running, name).record().state);
  await running.service.startServers();
  await until("two wait", () => states().filter((state) => state === "queued").length === 2 || undefined);
  expect(states().filter((state) => state === "queued")).toHaveLength(2);
  // A call waits in the queue, too.
  expect((await supervisorOf(running, "d").ensureReady("call")).result).toHaveProperty("pid");
  await until("all are ready", () => states().every((state) => state === "ready") || undefined);
  const last = supervisorOf(running, "d").record().run?.id ?? "";
  const events = await running.service.core.store.runs.events(last);
  expect(events.map(({ message }) => message)).toContain("Waits for its turn: 2 other servers are starting.");
});

test("a new run is told of the sessions' subscriptions and level of logging", async () => {
  const server = await start({ isolation: { restart: quick } });
  const client = clientOf(server);
  await client.ask("resources/subscribe", { uri: "file:///a" });
  await client.ask("logging/setLevel", { level: "warning" });
  await client.ask("die");
  const record = await until("another run", () =>
    server.isReady && server.record().attempt === 2 ? server.record() : undefined,
  );
  const asked = await until("it was told", () => {
    const lines = server.liveRun(record.run?.id ?? "")?.stderrTail ?? [];
    return lines.length === 2 ? lines : undefined;
  });
  expect(asked).toEqual([
    'asked resources/subscribe {"uri":"file:///a"}',
    'asked logging/setLevel {"level":"warning"}',
  ]);
});
