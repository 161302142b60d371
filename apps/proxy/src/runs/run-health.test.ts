import { afterEach, expect, test } from "vitest";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { ServerSupervisor } from "./server-supervisor.ts";
import { clientOf, supervisedEntry, supervisorOf, type SupervisedEntry } from "./testing/supervised-server.ts";

const deadlineMs = 30_000;
const quick = { interval: "50ms", timeout: "300ms", failures: 3 };
const restart = { backoff_initial: "1ms", backoff_max: "2ms" };
let running: TestService;

afterEach(() => running[Symbol.asyncDispose]());

async function start(entry: SupervisedEntry): Promise<ServerSupervisor> {
  running = await startTestService({ mcpServers: [supervisedEntry(entry)] });
  await running.service.startServers();
  return supervisorOf(running);
}

const eventsOf = (runId: string) => running.service.core.store.runs.events(runId);
const runIdOf = (server: ServerSupervisor) => server.record().run?.id ?? "";

test("a server that reads its input no more is stopped as unhealthy, and started anew", async () => {
  const server = await start({ isolation: { health_check: quick, restart } });
  const client = clientOf(server);
  const first = await client.ask("who");
  const dead = runIdOf(server);
  await isPinged(server);
  await client.ask("deaf");
  const record = await until(
    "another run",
    () => (server.isReady && runIdOf(server) !== dead ? server.record() : undefined),
    deadlineMs,
  );
  expect(record.lastVerdict).toMatchObject({
    runId: dead,
    verdict: { kind: "stopped_by_policy", summary: "Did not answer 3 health checks." },
  });
  expect(record.attempt).toBe(2);
  expect((await eventsOf(dead)).filter(({ kind }) => kind === "health-check-failed")).toHaveLength(1);
  expect(await client.ask("who")).not.toBe(first);
}, 60_000);

test("a server with a call in flight is left alone, however long the call takes", async () => {
  const server = await start({ isolation: { health_check: quick, restart } });
  const client = clientOf(server);
  await client.ask("who");
  const runId = runIdOf(server);
  await isPinged(server);
  const call = client.ask("hang");
  await until("the call has been in flight for long", () => longCall(server), deadlineMs);
  expect(runIdOf(server)).toBe(runId);
  expect((await eventsOf(runId)).filter(({ kind }) => kind === "health-check-failed")).toEqual([]);
  await server.stopByUser(running.service.core.supervisor.userIntent("tester", undefined));
  expect(await call).toContain("Stopped by tester");
}, 60_000);

test("pings count as no calls: a server that nobody uses still goes idle", async () => {
  const server = await start({ isolation: { health_check: quick, idle_timeout: "1s" } });
  await server.ensureReady("call");
  const record = await until(
    "it is idle",
    () => (server.record().state === "idle" ? server.record() : undefined),
    deadlineMs,
  );
  expect(record.lastVerdict?.verdict.summary).toBe("Idle for 1 second.");
}, 60_000);

/** A server that has never answered a ping is not judged by it. */
function isPinged(server: ServerSupervisor): Promise<true> {
  const lines = () => server.liveRun(runIdOf(server))?.stderrTail ?? [];
  // The answer to the first has come when the second is sent.
  return until("it is pinged", () => lines().length > 1 || undefined, deadlineMs);
}

/** True once the call is older than all the pings that would end an idle server. */
function longCall(server: ServerSupervisor): true | undefined {
  const age = server.liveRun(runIdOf(server))?.callsInFlight[0]?.ageMs ?? 0;
  return age > 2_000 || undefined;
}
