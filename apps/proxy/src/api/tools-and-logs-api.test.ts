import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiContext } from "../app/api-context.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";
import type { ApiContext } from "./services/context.ts";
import { followLogs, type LogBatch } from "./services/follow-logs.ts";
import { router } from "./trpc/router.ts";

const secret = "only-the-server-knows";
let running: TestService;
let context: ApiContext;
let api: ReturnType<typeof router.createCaller>;

beforeAll(async () => {
  running = await startTestService(
    JSON.stringify({
      mcpServers: [
        { ...everything, env: { API_KEY: secret } },
        { ...everything, name: "asleep", isolation: { ...everything.isolation, start: "lazy" } },
      ],
    }),
  );
  context = createApiContext(running.service.core, running.paths)("test");
  api = router.createCaller(context);
});
afterAll(() => running[Symbol.asyncDispose]());

describe("tools", () => {
  test("of a server that sleeps are listed only when it may be started", async () => {
    expect(await api.servers.tools({ name: "asleep" })).toBeNull();
    const list = await api.servers.tools({ name: "asleep", shouldStart: true });
    expect(list?.tools.map(({ name }) => name)).toContain("echo");
  });

  test("are listed with their schemas, once for each run", async () => {
    const list = await api.servers.tools({ name: "everything", shouldStart: true });
    const echo = list?.tools.find(({ name }) => name === "echo");
    expect(echo?.inputSchema).toMatchObject({ type: "object", properties: { message: { type: "string" } } });
    expect((await api.servers.tools({ name: "everything" }))?.at).toBe(list?.at);
  });

  test("answer a person, who is in the audit log, and show no secret", async () => {
    const outcome = await api.servers.callTool({ name: "everything", tool: "get-env", args: {} });
    expect(outcome).toMatchObject({ kind: "result", isError: false });
    expect(JSON.stringify(outcome)).toContain("API_KEY");
    expect(JSON.stringify(outcome)).not.toContain(secret);
    const { entries } = await api.audit({ server: "everything" });
    expect(entries[0]).toMatchObject({ action: "call-tool", detail: "get-env", actor: "test" });
  });

  test("that fail say so", async () => {
    const outcome = await api.servers.callTool({ name: "everything", tool: "echo", args: {} });
    expect(JSON.stringify(outcome)).toMatch(/"isError":true|"kind":"error"/);
  });

  test("that take too long are cancelled", async () => {
    const args = { duration: 60, steps: 2 };
    const call = api.servers.callTool({
      name: "everything",
      tool: "trigger-long-running-operation",
      args,
      timeoutMs: 1_000,
    });
    await expect(call).rejects.toThrow("did not answer within 1 s");
    await until(
      "no call in flight",
      () => (running.service.core.supervisor.find("everything")?.bridge.callsInFlight === 0 ? true : undefined),
      30_000,
    );
  });
});

describe("logs of several servers", () => {
  test("come as one stream: the last lines in order of time, then each new one", async () => {
    const end = new AbortController();
    const stream = followLogs(context, { servers: ["everything", "asleep"], tail: 100, signal: end.signal });
    const { lines, isTail } = await next(stream);
    expect(isTail).toBe(true);
    expect(new Set(lines.map(([server]) => server))).toEqual(new Set([0, 1]));
    const times = lines.map(([, line]) => line.slice(0, 24));
    expect(times).toEqual(times.toSorted());
    running.service.core.serverLogs.of("asleep").info("a new line");
    expect((await next(stream)).lines).toEqual([[1, expect.stringMatching(/INFO +a new line$/)]]);
    end.abort();
    expect(await stream.next()).toMatchObject({ done: true });
  });

  test("are not buffered without end: what a slow reader misses is counted", async () => {
    const end = new AbortController();
    const stream = followLogs(context, { servers: ["asleep"], tail: 0, signal: end.signal });
    await next(stream);
    const log = running.service.core.serverLogs.of("asleep");
    for (let line = 0; line < 6_000; line += 1) log.stderr(`line ${line}`);
    const batch = await next(stream);
    expect(batch.lines).toHaveLength(5_000);
    expect(batch.skipped).toBe(1_000);
    end.abort();
    await stream.next();
  });
});

async function next(stream: AsyncGenerator<LogBatch, void, undefined>): Promise<LogBatch> {
  const { value } = await stream.next();
  if (value === undefined) throw new Error("the stream ended");
  return value;
}
