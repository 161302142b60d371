import { expect, test } from "@playwright/test";
import { logIn, expectSamePage, markPage, textSeenAt, watchForText } from "../harness/browser.ts";
import { inspectContainer } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

const sentence = "Out of memory: killed at the 64 MiB limit";
let product: Product;

test.beforeAll(async () => {
  product = await startProduct({
    config: configOf([containerFixture({ name: "hungry", isolation: { memory_limit: "64m" } })]),
    dashboard: "started",
  });
});

test.afterAll(async () => product?.dispose());

test("an out-of-memory kill reaches the waiting call and the open Runs page within a second", async ({ page }) => {
  const { run } = await product.api.serverIn("hungry", "ready");
  if (run === null || run.containerId === null) throw new Error("A ready server has no container");
  await logIn(page, product);
  await page.goto(`${product.webUrl}/runs`);
  await expect(page.getByRole("row").getByText("hungry").first()).toBeVisible();
  await markPage(page);
  await watchForText(page, sentence);

  const session = await openMcpSession(product.mcpUrl("hungry"));
  const { error, result } = await session.callTool("allocate", { megabytes: 200 });
  expect(result).toBeUndefined();
  expect(error?.message).toContain("Out of memory");
  expect(JSON.stringify(error)).toContain(run.id);

  const seenAt = await until("the Runs page says why", () => textSeenAt(page), { deadlineMs: 5_000 });
  const { State: state } = await inspectContainer(run.containerId);
  expect(state).toMatchObject({ OOMKilled: true, ExitCode: 137 });
  expect(seenAt - Date.parse(state.FinishedAt)).toBeLessThan(1_000);
  await expectSamePage(page);

  const ended = await product.api.run(run.id);
  expect(ended).toMatchObject({
    state: "ended",
    exitCode: 137,
    oomKilled: true,
    verdict: { kind: "oom_killed", confidence: "certain" },
  });
  expect(ended.verdict?.summary).toContain(sentence);
  expect(ended.verdict?.evidence.length).toBeGreaterThan(0);
  session.close();
});

test("the next call starts a new container and is answered", async () => {
  const before = await product.api.endedRun("hungry");
  const session = await openMcpSession(product.mcpUrl("hungry"));
  const { result } = await session.callTool("echo", { message: "alive again" });
  expect(JSON.stringify(result)).toContain("alive again");
  const { run } = await product.api.serverIn("hungry", "ready");
  expect(run?.id).not.toBe(before.id);
  expect(run?.containerId).not.toBe(before.containerId);
  session.close();
});
