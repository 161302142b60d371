import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { HttpSessions } from "../fronts/http/http-sessions.ts";
import { clientOf, supervisedEntry, supervisorOf, type TestClient } from "../runs/testing/supervised-server.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import { shiftClock } from "./testing/shift-clock.ts";

const hourMs = 60 * 60 * 1_000;
const deadlineMs = 30_000;
const pidSchema = z.object({ result: z.object({ pid: z.number() }) });
let running: TestService;

beforeAll(async () => {
  running = await startTestService({
    mcpServers: [
      supervisedEntry({ name: "idler", isolation: { idle_timeout: "30m" } }),
      supervisedEntry({ name: "dier" }),
    ],
  });
  await running.service.startServers();
});
afterEach(() => void vi.useRealTimers());
afterAll(() => running[Symbol.asyncDispose]());

const pidOf = async (client: TestClient): Promise<number> =>
  pidSchema.parse(JSON.parse(await client.ask("tools/list"))).result.pid;
const runIds = async (server: string): Promise<readonly string[]> => {
  const { runs } = await running.service.core.store.runs.list({ server, limit: 100 });
  return runs.map(({ id }) => id);
};

test.each([
  { jump: "two hours forward", byMs: 2 * hourMs },
  { jump: "two hours back", byMs: -2 * hourMs },
])(
  "a clock that jumps $jump stops nothing, restarts nothing, and ends no session",
  async ({ byMs }) => {
    const client = clientOf(supervisorOf(running, "idler"));
    const pid = await pidOf(client);
    const before = await runIds("idler");
    using _shift = shiftClock(byMs);
    // An idle watch that begins now would look at the clock.
    for (let count = 0; count < 20; count += 1) expect(await pidOf(client)).toBe(pid);
    expect(supervisorOf(running, "idler").record()).toMatchObject({ state: "ready", nextTryAt: null });
    expect(await runIds("idler")).toEqual(before);
    expect(client.overs).toBe(0);
  },
  2 * deadlineMs,
);

test.each([
  { jump: "forward", byMs: hourMs },
  { jump: "back", byMs: -hourMs },
])(
  "a run in which the clock jumps $jump has its verdict, a duration of what really passed, and one successor",
  async ({ byMs }) => {
    const { store } = running.service.core;
    const client = clientOf(supervisorOf(running, "dier"));
    await pidOf(client);
    const runId = supervisorOf(running, "dier").record().run?.id ?? "none";
    const before = await runIds("dier");
    const beganMs = performance.now();
    using _shift = shiftClock(byMs);
    void client.ask("die");
    const ended = await until(
      "the run is stored as ended",
      async () => {
        const run = await store.runs.find(runId);
        return run?.state === "ended" ? run : undefined;
      },
      deadlineMs,
    );
    expect(ended).toMatchObject({ exitCode: 3, verdict: { kind: "app_error" } });
    expect(ended.durationMs).toBeGreaterThanOrEqual(0);
    // The run is hardly older than this file.
    expect(ended.durationMs).toBeLessThan(performance.now() - beganMs + 10 * 60_000);
    await until("its successor is ready", () => supervisorOf(running, "dier").isReady || undefined, deadlineMs);
    const after = await runIds("dier");
    expect(after).toHaveLength(before.length + 1);
    // Of one process, ids are in the order in which the runs were decided, whatever the clock says.
    expect(after.toSorted().at(-1)).toBe(supervisorOf(running, "dier").record().run?.id);
  },
  2 * deadlineMs,
);

test("a session that was used just now outlives a jump of the clock and the look for idle ones", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const sessions = new HttpSessions();
  const server = supervisorOf(running, "idler");
  const session = sessions.create(server)?.session.id ?? "none";
  using _shift = shiftClock(2 * hourMs);
  vi.advanceTimersByTime(120_000);
  expect(sessions.find(session, server)?.session.id).toBe(session);
  sessions.close();
});
