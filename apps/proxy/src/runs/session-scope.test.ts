import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { ServerSupervisor } from "./server-supervisor.ts";
import { clientOf, supervisedEntry, supervisorOf } from "./testing/supervised-server.ts";

let running: TestService;
let server: ServerSupervisor;

const configOf = (isolation: object = {}) => ({
  mcpServers: [supervisedEntry({ isolation: { scope: "session", max_sessions: 2, ...isolation } })],
});
const intent = () => running.service.core.supervisor.userIntent("tester", undefined);
const ended = async () => (await running.service.core.store.runs.list({ limit: 100 })).runs;
const runsLeft = (count: number) =>
  until(`${count} runs live`, () => (server.record().runs === count ? true : undefined));

async function save(config: object): Promise<void> {
  await running.writeConfig(JSON.stringify(config));
  await running.service.core.reloadConfig();
}

beforeEach(async () => {
  running = await startTestService(configOf());
  await running.service.startServers();
  server = supervisorOf(running);
});
afterEach(() => running[Symbol.asyncDispose]());

test("nothing runs before a session asks for something", async () => {
  expect(server.record()).toMatchObject({ state: "stopped", runs: 0, run: null });
  clientOf(server);
  expect(server.record()).toMatchObject({ state: "stopped", runs: 0, run: null });
});

test("each session has a run of its own, which ends with it", async () => {
  const one = clientOf(server, "one");
  const two = clientOf(server, "two");
  const [ofOne, ofTwo] = [await one.ask("who"), await two.ask("who")];
  expect(ofOne).not.toBe(ofTwo);
  expect(await one.ask("who")).toBe(ofOne);
  expect(server.record()).toMatchObject({ state: "ready", runs: 2, run: { sessions: 1 } });
  one.connection.close();
  await runsLeft(1);
  expect((await ended()).find(({ state }) => state === "ended")?.verdict?.kind).toBe("session_closed");
  expect(await two.ask("who")).toBe(ofTwo);
  expect(one.overs + two.overs).toBe(0);
});

test("a run that dies ends its session and no other", async () => {
  const one = clientOf(server, "one");
  const two = clientOf(server, "two");
  await two.ask("who");
  expect(await one.ask("die")).toContain("Exited with code 3");
  await runsLeft(1);
  expect([one.overs, one.connection.isOver, two.overs]).toEqual([1, true, 0]);
  await expect(one.ask("who")).rejects.toThrow("Send initialize again.");
  expect(await clientOf(server, "three").ask("who")).toContain("pid");
});

test("one session too many is told so, and the first that leaves makes room", async () => {
  const one = clientOf(server, "one");
  await one.ask("who");
  await clientOf(server, "two").ask("who");
  const three = clientOf(server, "three");
  await expect(three.ask("who")).rejects.toThrow(/2 sessions have a run of their own.*max_sessions/);
  one.connection.close();
  await runsLeft(1);
  expect(await three.ask("who")).toContain("pid");
});

test("a person's stop ends every session, and a start allows new ones", async () => {
  const clients = [clientOf(server, "one"), clientOf(server, "two")];
  for (const client of clients) await client.ask("who");
  await server.stopByUser(intent());
  expect(server.record()).toMatchObject({ state: "stopped", runs: 0, heldBy: "tester" });
  expect(clients.map(({ overs }) => overs)).toEqual([1, 1]);
  await expect(clientOf(server).ask("who")).rejects.toThrow("Stopped by tester.");
  server.startByUser();
  expect(await clientOf(server).ask("who")).toContain("pid");
});

test("a call in flight has its answer before the client is told that its session is over", async () => {
  const order: string[] = [];
  const client = clientOf(server, "one", () => order.push("over"));
  await client.ask("who");
  const call = client.ask("hang").then((answer) => order.push(answer));
  await until("the call is in flight", () => server.record().run?.callsInFlight === 1 || undefined);
  await server.stopByUser(intent());
  await call;
  expect(order).toEqual([expect.stringContaining("Stopped by tester."), "over"]);
});

test("a session without calls for the idle timeout is over", async () => {
  await save(configOf({ idle_timeout: "100ms" }));
  const client = clientOf(server);
  await client.ask("who");
  await runsLeft(0);
  expect(client.overs).toBe(1);
  expect(server.record()).toMatchObject({
    state: "stopped",
    lastVerdict: { verdict: { summary: "Idle for 100 milliseconds." } },
  });
});

test("a server that cannot start is parked for new sessions, too", async () => {
  await save({ mcpServers: [{ ...configOf().mcpServers[0], command: "/nonexistent/program" }] });
  await expect(clientOf(server).ask("who")).rejects.toThrow("Command not found");
  await until("it is parked", () => server.record().state === "parked" || undefined);
  await expect(clientOf(server).ask("who")).rejects.toThrow("Not tried again");
  server.startByUser();
  expect(server.record().state).toBe("stopped");
});

describe("a changed scope", () => {
  test("ends the sessions of the old one and serves new ones", async () => {
    const own = clientOf(server, "own");
    const ofOwn = await own.ask("who");
    await save({ mcpServers: [supervisedEntry()] });
    expect(own.overs).toBe(1);
    await until("it runs for all", () => server.isReady || undefined);
    const shared = clientOf(server, "shared");
    expect(await shared.ask("who")).not.toBe(ofOwn);
    await save(configOf());
    expect(shared.overs).toBe(1);
    expect(server.record().runs).toBe(0);
    expect(await clientOf(server, "new").ask("who")).toContain("pid");
  });
});

test("a session that leaves while its run starts leaves nothing behind", async () => {
  const client = clientOf(server);
  const asked = client.connection.ensureReady("call").then(
    () => "ready",
    () => "refused",
  );
  client.connection.close();
  await asked;
  await runsLeft(0);
  expect((await ended()).filter(({ state }) => state !== "ended")).toEqual([]);
});

test("whoever tries whether it starts leaves no run behind", async () => {
  expect((await server.ensureReady("user")).result).toHaveProperty("pid");
  await runsLeft(0);
});
