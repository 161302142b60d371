import { afterAll, beforeAll, expect, test } from "vitest";
import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import { ensureTestImage, testEnvironment, testImage } from "../engine/testing/docker-fixture.ts";
import { containerNames, startSecondEngine, type SecondEngine } from "../engine/testing/second-engine.ts";
import { startTestService, type TestService } from "../testing/start-test-service.ts";
import { until } from "../testing/until.ts";

/** The smallest server there is: it answers everything with a handshake. */
const program = `process.stdin.on("data", (chunk) => {
  for (const line of String(chunk).split("\\n").filter(Boolean)) {
    const { id } = JSON.parse(line);
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "small", version: "1" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
});`;
const names = ["one", "two"];
let engine: SecondEngine;
let running: TestService;

beforeAll(async () => {
  const first = createDockerEngine({ environment: testEnvironment, instanceId: "test-image" });
  await ensureTestImage(first);
  await first.close();
  engine = await startSecondEngine([testImage]);
  running = await startTestService(
    {
      docker_isolation: { network_mode: "none", keep_exited: 0 },
      mcpServers: names.map((name) => ({
        name,
        command: "node",
        args: ["-e", program],
        isolation: { image: testImage, pull_policy: "never" },
      })),
    },
    { variables: { DOCKER_HOST: engine.host } },
  );
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const records = () => running.service.core.supervisor.list();
const isReady = () => records().every(({ state }) => state === "ready");

test("servers come back by themselves each time Docker was away, once each, and no run stays without a verdict", async () => {
  await running.service.startServers();
  await until("all are ready", () => isReady() || undefined, 20_000);
  for (let outage = 1; outage <= 3; outage += 1) {
    const before = new Set(records().map(({ run }) => run?.id));
    await engine.restart(async () => {
      const { engines } = running.service.core;
      await until("it is seen to be away", () => engines.fallback.status.state === "unavailable" || undefined);
    });
    const isNew = () => isReady() && records().every(({ run }) => !before.has(run?.id));
    await until(`all are back after outage ${outage}`, () => isNew() || undefined, 60_000);
    expect(await containerNames(engine.host)).toHaveLength(names.length);
  }
  const live = new Set(records().map(({ run }) => run?.id));
  const { runs } = await running.service.core.store.runs.list({ limit: 100 });
  const ended = runs.filter(({ id }) => !live.has(id));
  expect(ended.length).toBeGreaterThanOrEqual(3 * names.length);
  for (const run of ended) expect(run).toMatchObject({ state: "ended", verdict: { summary: expect.any(String) } });
}, 180_000);
