import { expect, test, type Page } from "@playwright/test";
import { backgroundBrightness, expectSamePage, logIn, markPage } from "../harness/browser.ts";
import { docker } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture, hostFixture, testImage } from "../harness/server-entries.ts";

let product: Product;

test.beforeAll(async () => {
  const victim = containerFixture({ name: "victim", isolation: { memory_limit: "128m" } });
  product = await startProduct({
    config: configOf([containerFixture({ name: "steady" }), hostFixture({ name: "on-host" }), victim]),
    dashboard: "started",
  });
  for (const name of ["steady", "on-host", "victim"]) await product.api.serverIn(name, "ready");
});

test.afterAll(async () => product?.dispose());

test.beforeEach(async ({ page }) => {
  await logIn(page, product);
  await page.goto(`${product.webUrl}/servers`);
});

const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name }).first();

test("Servers shows state, isolation, image and limits", async ({ page }) => {
  await expect(page.getByRole("heading", { name: "Servers", level: 1 })).toBeVisible();
  const steady = rowOf(page, "steady");
  await expect(steady).toContainText(/ready/i);
  await expect(steady).toContainText(testImage);
  await expect(steady).toContainText("512 MiB");
  await expect(rowOf(page, "on-host")).toContainText(/host/i);
});

test("Runs shows a running run and links to its page", async ({ page }) => {
  await page.getByRole("link", { name: "Runs" }).first().click();
  await expect(page.getByRole("heading", { name: "Runs", level: 1 })).toBeVisible();
  await rowOf(page, "steady").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
});

test("a run dies on the open page: verdict, evidence, timeline and command are there without a reload", async ({
  page,
}) => {
  const { run } = await product.api.serverIn("victim", "ready");
  await page.goto(`${product.webUrl}/runs/${run?.id}`);
  await expect(page.getByText("docker run -i").first()).toBeVisible();
  await markPage(page);
  await docker("kill", run?.containerId ?? "");
  await expect(page.getByText(/Killed from outside/).first()).toBeVisible({ timeout: 5_000 });
  await expectSamePage(page);
  await expect(page.getByText(/why we say this/i).first()).toBeVisible();
  await expect(page.getByText("fixture: started").first()).toBeVisible();
  await expect(page.getByText("128 MiB").first()).toBeVisible();
});

test("the Servers page follows a call without a reload", async ({ page }) => {
  await expect(rowOf(page, "steady")).toContainText(/ready/i);
  await markPage(page);
  const session = await openMcpSession(product.mcpUrl("steady"));
  await session.callTool("echo", { message: "count me" });
  session.close();
  await product.api.post("/api/v1/servers/steady/stop");
  await expect(rowOf(page, "steady")).toContainText(/stopped/i, { timeout: 10_000 });
  await product.api.post("/api/v1/servers/steady/start");
  await expect(rowOf(page, "steady")).toContainText(/ready/i, { timeout: 15_000 });
  await expectSamePage(page);
});

test("the copy button copies the docker command", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { run } = await product.api.serverIn("steady", "ready");
  await page.goto(`${product.webUrl}/runs/${run?.id}`);
  await page.getByRole("button", { name: /copy/i }).first().click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^docker run -i .*--memory=512m.*node \/fixtures\/mcp-fixture\.mjs$/s);
});

test("the theme follows the switch and outlives a reload", async ({ page }) => {
  for (const [theme, isBright] of [
    ["Dark", false],
    ["Light", true],
  ] as const) {
    await page
      .getByRole("radio", { name: theme })
      .or(page.getByRole("button", { name: theme }))
      .first()
      .click();
    await expect.poll(async () => (await backgroundBrightness(page)) > 128, { message: theme }).toBe(isBright);
    await page.reload();
    expect((await backgroundBrightness(page)) > 128, `${theme} after a reload`).toBe(isBright);
  }
});
