import { expect, test, type Page } from "@playwright/test";
import { logIn, seriousViolations } from "../harness/browser.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";

let product: Product;

test.beforeAll(async () => {
  const servers = ["alpha", "beta", "gamma"].map((name) => hostFixture({ name }));
  product = await startProduct({ config: configOf(servers), dashboard: "started" });
  await product.api.serverIn("gamma", "ready");
});

test.afterAll(async () => product?.dispose());

test.beforeEach(async ({ page }) => {
  await logIn(page, product);
  await page.goto(`${product.webUrl}/servers`);
  // Keys do nothing before the page's scripts run.
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
});

test("two keys lead to each page, and no key does anything inside a field", async ({ page }) => {
  await press(page, "g", "r");
  await expect(page).toHaveURL(/\/runs$/);
  await press(page, "/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("gs?k");
  await expect(page.getByRole("searchbox")).toHaveValue("gs?k");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/runs\?text=gs/);
});

test("j and k go through the rows, Enter opens one", async ({ page }) => {
  await press(page, "j", "j");
  await expect(page.getByRole("link", { name: "beta" })).toBeFocused();
  await press(page, "k");
  await expect(page.getByRole("link", { name: "alpha" })).toBeFocused();
  await press(page, "Enter");
  await expect(page).toHaveURL(/\/servers\/alpha$/);
});

test("the palette finds a server by a part of its name, and a run by its id", async ({ page }) => {
  const { run } = await product.api.serverIn("gamma", "ready");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  await expect(palette.getByRole("combobox")).toBeFocused();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.type("gam");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/servers\/gamma$/);
  await expect(palette).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type(run?.id ?? "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs/${run?.id}$`));
});

test("the sheet shows the shortcuts and turns them off; Escape gives the focus back", async ({ page }) => {
  await press(page, "j");
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet.getByText("Go to Runs")).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await sheet.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole("link", { name: "alpha" })).toBeFocused();
  await press(page, "g", "r");
  await expect(page).toHaveURL(/\/servers$/);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Command palette" })).toBeVisible();
});

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
