import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { logIn, seriousViolations } from "../harness/browser.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";

let product: Product;

test.beforeAll(async () => {
  const failing = hostFixture({ name: "failing", flags: ["--exit-at-once", "3"] });
  product = await startProduct({ config: configOf([hostFixture({ name: "steady" }), failing]), dashboard: "started" });
  await product.api.serverIn("steady", "ready");
  await product.api.endedRun("failing");
});

test.afterAll(async () => product?.dispose());

test.beforeEach(async ({ page }) => {
  await logIn(page, product);
  await page.goto(`${product.webUrl}/runs`);
});

test("filters by several values with their counts, in the URL", async ({ page }) => {
  await openMenu(page, "Server");
  expect(await seriousViolations(page)).toEqual([]);
  const steady = page.getByRole("checkbox", { name: /^steady 1$/ });
  await expect(steady).toBeVisible();
  await steady.check();
  await expect(page).toHaveURL(/\?server=steady$/);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("checkbox", { name: /^failing/ }).check();
  await expect(page).toHaveURL(/server=failing/);
  await page.keyboard.press("Escape");
  await expect(page.getByText("Server: 2 of 2")).toBeFocused();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/runs$/);
});

test("a view can be saved, found again and removed", async ({ page }) => {
  await openMenu(page, "Views");
  await page.getByRole("link", { name: "OOM last 24 h" }).click();
  await expect(page).toHaveURL(/verdict=oom_killed.*last=24h/);
  await expect(page.getByText("No run matches these filters")).toBeVisible();
  await page.goto(`${product.webUrl}/runs?exitCode=3`);
  await openMenu(page, "Views");
  await page.getByRole("textbox", { name: "Name of the view" }).fill("Code three");
  await page.keyboard.press("Enter");
  await page.goto(`${product.webUrl}/runs`);
  await openMenu(page, "Views");
  await page.getByRole("link", { name: "Code three" }).click();
  await expect(page).toHaveURL(/exitCode=3/);
  await expect(rows(page).first()).toContainText("failing");
  await openMenu(page, "Code three");
  await page.getByRole("button", { name: "Remove the view Code three" }).click();
  await expect(page.getByRole("link", { name: "Code three" })).toHaveCount(0);
});

test("columns come and go, and stay in the URL", async ({ page }) => {
  await openMenu(page, "Columns");
  await page.getByRole("checkbox", { name: "Calls" }).check();
  await page.getByRole("checkbox", { name: "Exit" }).uncheck();
  await page.reload();
  const names = await page.getByRole("columnheader").allTextContents();
  expect(names).toContain("Calls");
  expect(names).not.toContain("Exit");
});

test("dragging over the chart narrows the time", async ({ page }) => {
  const chart = page.getByRole("img", { name: /^Runs over time/ });
  const box = await chart.boundingBox();
  if (box === null) throw new Error("The chart is not on the page");
  await page.mouse.move(box.x + 5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 20, { steps: 3 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(page.getByText("No run matches these filters")).toBeVisible();
});

test("the filtered runs come as a file", async ({ page }) => {
  await page.goto(`${product.webUrl}/runs?server=failing`);
  await openMenu(page, "Export");
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV", exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("mcpproxy-runs.csv");
  const text = await readFile(await download.path(), "utf8");
  expect(text).toContain("failing");
  expect(text).not.toContain("steady");
});

test("new runs wait while the list is being read, and come in when it is not", async ({ page }) => {
  const before = await rows(page).count();
  await rows(page).first().hover();
  const first = (await rows(page).first().locator("p").textContent()) ?? "";
  await product.api.post("/api/v1/servers/steady/restart");
  const bar = page.getByRole("button", { name: /new run/ });
  await expect(bar).toBeVisible();
  await expect(rows(page).first()).toContainText(first);
  await bar.click();
  await page.mouse.move(0, 0);
  await expect(rows(page).first()).toContainText("steady");
  expect(await rows(page).count()).toBeGreaterThan(before);
});

function rows(page: Page) {
  return page.locator(".data-row");
}

async function openMenu(page: Page, name: string): Promise<void> {
  await page.locator("summary", { hasText: new RegExp(`^${name}$`) }).click();
}
