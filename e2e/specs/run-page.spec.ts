import { expect, test, type Page } from "@playwright/test";
import { logIn, seriousViolations } from "../harness/browser.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture, hostFixture } from "../harness/server-entries.ts";

let product: Product;
let deadId = "";

test.beforeAll(async () => {
  product = await startProduct({
    config: configOf([
      containerFixture({ name: "hungry", isolation: { memory_limit: "64m" } }),
      hostFixture({ name: "failing", flags: ["--exit-at-once", "3"] }),
    ]),
    dashboard: "started",
  });
  await product.api.serverIn("hungry", "ready");
  const session = await openMcpSession(product.mcpUrl("hungry"));
  await session.callTool("write_stderr", { lines: 60 });
  await session.callTool("allocate", { megabytes: 200 });
  session.close();
  deadId = (await product.api.endedRun("hungry")).id;
});
test.afterAll(async () => product?.dispose());
test.beforeEach(async ({ page }) => logIn(page, product));

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

test("an out-of-memory run shows where in its curve it was killed", async ({ page }) => {
  await page.goto(`${product.webUrl}/runs/${deadId}`);
  await expect(section(page, "Memory").getByRole("img", { name: /limit 64 MiB, killed here$/ })).toBeVisible();
  await expect(section(page, "CPU")).toBeVisible();
});

test("a line of the frozen log has a link of its own, and lines are found by their text", async ({ page }) => {
  await page.goto(`${product.webUrl}/runs/${deadId}#L3`);
  const log = section(page, "Last stderr lines");
  await expect(log.locator("#L3")).toBeInViewport();
  await log.getByRole("searchbox").fill("line 42 of");
  await expect(log.getByRole("listitem")).toHaveCount(1);
  await log.getByRole("link").click();
  await expect(page).toHaveURL(/#L\d+$/);
});

test("a run is acknowledged with a note, which stays", async ({ page }) => {
  await page.goto(`${product.webUrl}/runs/${deadId}`);
  const review = section(page, "Review");
  await review.getByRole("textbox", { name: "Note" }).fill("too small, raised");
  await review.getByRole("button", { name: "Acknowledge" }).click();
  await expect(review.getByText(/^Acknowledged by/)).toBeVisible();
  await page.reload();
  await expect(review.getByRole("textbox", { name: "Note" })).toHaveValue("too small, raised");
  await expect(review.getByText(/^Acknowledged by/)).toBeVisible();
});

test("the changes are told since the run before or the last good one", async ({ page }) => {
  await product.api.post("/api/v1/servers/hungry/start");
  const { run } = await product.api.serverIn("hungry", "ready");
  await page.goto(`${product.webUrl}/runs/${run?.id}`);
  const changes = section(page, "Changes");
  await expect(changes.getByRole("link", { name: "Run before" })).toBeVisible();
  await changes.getByRole("combobox").selectOption("last-good");
  await expect(changes.getByText("No run before this one ended well.")).toBeVisible();
});

test("[ and ] go through the runs of the filter that one came from", async ({ page }) => {
  await page.goto(`${product.webUrl}/runs?server=failing`);
  await page.getByRole("table", { name: "Runs" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("link", { name: "Older", exact: true })).toBeVisible({ timeout: 30_000 });
  const before = page.url();
  await page.keyboard.press("]");
  await expect(page).not.toHaveURL(before);
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("link", { name: "Back to the filtered runs" })).toHaveAttribute(
    "href",
    "/runs?server=failing",
  );
  await expect(page.getByRole("link", { name: "failing", exact: true }).first()).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
});

test("a run is copied as Markdown", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${product.webUrl}/runs/${deadId}`);
  await page.getByRole("button", { name: /^Copy as Markdown/ }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^### Out of memory[\s\S]*docker run/);
});
