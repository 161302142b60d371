import { createServer, type Server as HttpServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { containersOf, docker } from "../harness/docker.ts";
import { openMcpSession, protocolVersion } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture, testImage } from "../harness/server-entries.ts";
import { repository } from "../harness/repository.ts";
import { until } from "../harness/until.ts";

/** When servers start, are restarted, stop for idleness, and run once per session: with real containers. */
let product: Product;
let registry: HttpServer;
const quick = { backoff_initial: "50ms", backoff_max: "100ms" };

test.beforeAll(async () => {
  registry = await startSlowRegistry();
  product = await startProduct({
    config: configOf([
      containerFixture({ name: "crashes", isolation: { restart: quick } }),
      containerFixture({
        name: "hopeless",
        flags: ["--exit-at-once", "3"],
        isolation: { restart: { ...quick, max_attempts: 4 } },
      }),
      containerFixture({ name: "sleepy", isolation: { start: "lazy", idle_timeout: "1s" } }),
      containerFixture({ name: "own", isolation: { scope: "session", max_sessions: 2 } }),
      {
        name: "downloads",
        command: "npx",
        args: [
          "-c",
          `node /fixtures/mcp-fixture.mjs --download-first http://host.docker.internal:${portOf(registry)}/`,
        ],
        isolation: {
          image: testImage,
          pull_policy: "never",
          timeout: "8s",
          extra_hosts: ["host.docker.internal:host-gateway"],
          volumes: [`${repository.fixtures}:/fixtures:ro`],
        },
      },
    ]),
  });
});

test.afterAll(async () => {
  registry.close();
  registry.closeAllConnections();
  await product?.dispose();
});

/** A package of 2 MiB that takes 16 seconds: twice the timeout, which is long enough for npx itself on a busy machine. */
async function startSlowRegistry(): Promise<HttpServer> {
  const server = createServer((_request, response) => {
    void (async () => {
      for (let part = 0; part < 16; part += 1) {
        response.write(Buffer.alloc(128 * 1024));
        await delay(1000);
      }
      response.end();
    })();
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "0.0.0.0", resolve);
  await promise;
  return server;
}

function portOf(server: HttpServer): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function newRun(server: string, formerRunId: string): Promise<{ id: string; containerId: string | null }> {
  return until(`${server} has another run`, async () => {
    const { run, state } = await product.api.server(server);
    return run !== null && run.id !== formerRunId && state === "ready" ? run : undefined;
  });
}

test("a server that crashes comes back by itself, and so does one that is killed from outside", async () => {
  const { run } = await product.api.serverIn("crashes", "ready");
  const session = await openMcpSession(product.mcpUrl("crashes"));
  expect((await session.callTool("exit", { code: 3 })).error?.message).toContain("Exited with code 3");
  const second = await newRun("crashes", run?.id ?? "");
  await docker("kill", second.containerId ?? "");
  await newRun("crashes", second.id);
  expect(JSON.stringify(await session.callTool("echo", { message: "same session" }))).toContain("same session");
  session.close();
  expect(await containersOf({ instanceId: product.instanceId, server: "crashes", which: "running" })).toHaveLength(1);
});

test("a server that never comes up is parked, and its calls fail at once with the reason and the way on", async () => {
  const { problem } = await product.api.serverIn("hopeless", "parked");
  expect(problem?.message).toMatch(/^Exited before initialize.*Not tried again, after 4 failures in a row\.$/);
  expect(await product.api.runs({ server: "hopeless" })).toHaveLength(4);
  await expect(openMcpSession(product.mcpUrl("hopeless"))).rejects.toThrow(/start it on the dashboard/);
  expect(await product.api.runs({ server: "hopeless" })).toHaveLength(4);
  expect((await product.api.post("/api/v1/servers/hopeless/start")).ok).toBe(true);
  await until("it was tried again", async () => (await product.api.runs({ server: "hopeless" })).length > 4);
  await product.api.serverIn("hopeless", "parked");
});

test("a lazy server starts with its first session, goes idle without calls, and starts again with the next", async () => {
  expect(await product.api.server("sleepy")).toMatchObject({ state: "stopped", run: null });
  const session = await openMcpSession(product.mcpUrl("sleepy"));
  await session.callTool("echo", { message: "awake" });
  const { lastVerdict } = await product.api.serverIn("sleepy", "idle");
  expect(lastVerdict?.verdict).toMatchObject({ kind: "stopped_by_policy", summary: "Idle for 1 second." });
  expect(await containersOf({ instanceId: product.instanceId, server: "sleepy", which: "all" })).toEqual([]);
  expect(JSON.stringify(await session.callTool("echo", { message: "awake again" }))).toContain("awake again");
  session.close();
});

test("a download that takes longer than the timeout is waited for, and the run says so", async () => {
  const { run } = await product.api.serverIn("downloads", "ready", 60_000);
  const events = await product.api.runEvents(run?.id ?? "");
  expect(events.filter(({ kind }) => kind === "still-downloading").map(({ message }) => message)).toEqual([
    "No answer within 8 s, but it is still downloading.",
  ]);
  expect((await product.api.runs({ server: "downloads" })).map(({ verdict }) => verdict?.summary)).toEqual([undefined]);
});

test("with one run per session each session has a container of its own, and gets 404 when that has died", async () => {
  const running = () => containersOf({ instanceId: product.instanceId, server: "own", which: "running" });
  expect(await running()).toEqual([]);
  const [one, two] = [await openMcpSession(product.mcpUrl("own")), await openMcpSession(product.mcpUrl("own"))];
  expect(await running()).toHaveLength(2);
  await expect(openMcpSession(product.mcpUrl("own"))).rejects.toThrow(/2 sessions have a run of their own/);
  expect((await one.callTool("exit", { code: 3 })).error?.message).toContain("Exited with code 3");
  expect(await send(one.sessionId, "POST")).toBe(404);
  expect(JSON.stringify(await two.callTool("echo", { message: "unharmed" }))).toContain("unharmed");

  expect(await send(two.sessionId, "DELETE")).toBe(204);
  await until("no container is left", async () => (await running()).length === 0);
  const kinds = (await product.api.runs({ server: "own" })).map(({ verdict }) => verdict?.kind);
  expect(new Set(kinds)).toEqual(new Set(["app_error", "session_closed"]));
  one.close();
  two.close();
});

async function send(sessionId: string | undefined, method: "POST" | "DELETE"): Promise<number> {
  const { status } = await fetch(product.mcpUrl("own"), {
    method,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": protocolVersion,
      "mcp-session-id": sessionId ?? "",
    },
    ...(method === "POST" && { body: JSON.stringify({ jsonrpc: "2.0", id: 9, method: "ping" }) }),
  });
  return status;
}
