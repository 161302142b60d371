import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openService } from "../app/service.ts";
import { readEnvironment } from "../environment.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { supervisedEntry, supervisorOf } from "./testing/supervised-server.ts";

const deadlineMs = 30_000;
const quick = { backoff_initial: "1ms", backoff_max: "2ms", max_attempts: 2 };
let running: TestService;
let again: AsyncDisposable | undefined;

beforeEach(async () => {
  running = await startTestService({ mcpServers: [supervisedEntry()] });
});
afterEach(async () => {
  await again?.[Symbol.asyncDispose]();
  again = undefined;
  await running[Symbol.asyncDispose]();
});

const save = (entry: object) => running.writeConfig(JSON.stringify({ mcpServers: [entry] }));
const inState = (service: Pick<TestService, "service">, state: string) =>
  until(
    `it is ${state}`,
    () => {
      const record = supervisorOf(service).record();
      return record.state === state ? record : undefined;
    },
    deadlineMs,
  );

/** MCPProxy ends, and starts again with the same data. */
async function restartProxy(): Promise<Pick<TestService, "service">> {
  await running.service.close();
  const { paths, dockerSocket } = running;
  const service = await openService({
    paths,
    environment: readEnvironment({ HOME: paths.dataDirectory, DOCKER_HOST: `unix://${dockerSocket}` }),
    platform: "linux",
    mainLogFileName: "main.log",
    listen: () => ({ host: "127.0.0.1", port: 0 }),
    dashboardUrl: "http://127.0.0.1:3000",
  });
  again = { [Symbol.asyncDispose]: () => service.close() };
  await service.startServers();
  return { service };
}

describe("a server that a person stopped", () => {
  beforeEach(async () => {
    await running.service.startServers();
    await inState(running, "ready");
    await supervisorOf(running).stopByUser(running.service.core.supervisor.userIntent("tester", "enough"));
  });

  test("stays stopped over a restart of MCPProxy, with who and why, until a person starts it", async () => {
    const next = await restartProxy();
    expect(supervisorOf(next).record()).toMatchObject({ state: "stopped", heldBy: "tester", run: null });
    await expect(supervisorOf(next).ensureReady("call")).rejects.toThrow("Stopped by tester (enough).");
    supervisorOf(next).startByUser();
    expect(await inState(next, "ready")).toMatchObject({ heldBy: null });
    await until(
      "nothing holds it any more",
      async () => ((await next.service.core.store.holds.all()).length === 0 ? true : undefined),
      deadlineMs,
    );
  });

  test("starts when its config changed meanwhile", async () => {
    await save(supervisedEntry({ answerDelayMs: 1 }));
    const next = await restartProxy();
    expect(await inState(next, "ready")).toMatchObject({ heldBy: null });
  });

  test("still stays stopped after a change that does not start it", async () => {
    await save(supervisedEntry({ isolation: { idle_timeout: "1h" } }));
    await running.service.core.reloadConfig();
    expect(supervisorOf(running).record().heldBy).toBe("tester");
    const next = await restartProxy();
    expect(supervisorOf(next).record()).toMatchObject({ state: "stopped", heldBy: "tester" });
  });

  test("is forgotten with its entry in the config", async () => {
    await running.writeConfig(JSON.stringify({ mcpServers: [] }));
    await running.service.core.reloadConfig();
    await save(supervisedEntry());
    await running.service.core.reloadConfig();
    expect(await inState(running, "ready")).toMatchObject({ heldBy: null });
  });
});

describe("a parked server", () => {
  let failsWhile: string;

  beforeEach(async () => {
    failsWhile = join(running.paths.dataDirectory, "broken");
    await writeFile(failsWhile, "");
    await save(supervisedEntry({ failsWhile, isolation: { restart: quick } }));
    await running.service.core.reloadConfig();
    await running.service.startServers();
    await inState(running, "parked");
    await rm(failsWhile);
  });

  test("stays parked over a restart of MCPProxy, with its failures and last verdict, until a person starts it", async () => {
    const before = supervisorOf(running).record();
    const next = await restartProxy();
    const record = supervisorOf(next).record();
    expect(record).toMatchObject({ state: "parked", run: null, problem: before.problem, attempt: before.attempt });
    expect(record.lastVerdict).toEqual(before.lastVerdict);
    await expect(supervisorOf(next).ensureReady("call")).rejects.toThrow("after 2 failures in a row");
    supervisorOf(next).startByUser();
    expect(await inState(next, "ready")).toMatchObject({ attempt: 1, problem: null });
  });

  test("has a new chance when its config changed meanwhile", async () => {
    await save(supervisedEntry({ failsWhile, isolation: { restart: { ...quick, max_attempts: 3 } } }));
    expect(await inState(await restartProxy(), "ready")).toMatchObject({ problem: null });
  });
});
