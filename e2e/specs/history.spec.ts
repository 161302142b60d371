import { expect, test } from "@playwright/test";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

let product: Product;

test.beforeAll(async () => {
  product = await startProduct({
    config: configOf([
      containerFixture({ name: "hungry", isolation: { memory_limit: "64m" } }),
      containerFixture({ name: "exits", flags: ["--exit-at-once", "3"] }),
    ]),
  });
});
test.afterAll(() => product.dispose());

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${product.proxy.url}${path}`, { ...init, headers: { "x-api-key": product.proxy.apiKey } });

test("a container killed for memory is counted, filtered, exported, reviewed and pruned", async () => {
  await product.api.serverIn("hungry", "ready");
  const session = await openMcpSession(product.mcpUrl("hungry"));
  await session.callTool("allocate", { megabytes: 200 }).catch(() => undefined);
  session.close();
  const run = await product.api.endedRun("hungry");
  expect(run.verdict.kind).toBe("oom_killed");

  const facets = await (await ask("/api/v1/runs/facets?verdict=oom_killed")).json();
  expect(facets).toMatchObject({ data: { server: [{ value: "hungry", runs: 1 }] } });
  const csv = await (await ask("/api/v1/runs/export?format=csv&verdict=oom_killed")).text();
  expect(csv.split("\r\n")[1]).toContain(`${run.id},hungry,ended,oom_killed`);
  expect((await product.command("runs", "export", "--format", "csv", "--verdict", "oom_killed")).stdout).toBe(csv);

  const review = { method: "POST", body: JSON.stringify({ state: "acknowledged", note: "raise the limit" }) };
  expect((await ask(`/api/v1/runs/${run.id}/review`, review)).status).toBe(200);
  expect((await product.command("runs", "show", run.id)).stdout).toContain("acknowledged by api key: raise the limit");

  const metrics = await (await ask("/metrics")).text();
  expect(metrics).toContain('mcpproxy_runs_total{server="hungry",verdict="oom_killed"} 1');
  expect(metrics).toContain('mcpproxy_oom_total{server="hungry"} 1');

  const samples = await (await ask(`/api/v1/runs/${run.id}/samples`)).json();
  expect(samples).toMatchObject({ data: { samples: expect.any(Array) } });

  const planned = await product.command("runs", "prune", "--max-runs", "1", "--dry-run");
  expect(planned.stdout).toContain("would go");
  expect((await product.command("runs", "prune", "--max-runs", "1")).exitCode).toBe(0);
  const audit = await (await ask("/api/v1/audit")).json();
  expect(audit).toMatchObject({ data: { entries: [{ action: "prune-runs" }, { action: "review", runId: run.id }] } });
});

test("the log of a server goes on while it lives", async () => {
  const response = await ask("/api/v1/servers/hungry/logs?follow=true");
  let text = "";
  const reading = (async () => {
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
      text += chunk;
  })().catch(() => undefined);
  const session = await openMcpSession(product.mcpUrl("hungry"));
  await until("the new run's lines", () => text.includes("Docker isolation setup successful"), { deadlineMs: 20_000 });
  session.close();
  await product.stop();
  await reading;
  expect(text).toContain("ended: ");
});
