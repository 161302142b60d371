import { expect, test, type Page } from "@playwright/test";
import { logIn, seriousViolations, themes } from "../harness/browser.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture, hostFixture } from "../harness/server-entries.ts";

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
let product: Product;
let paths: readonly string[];

test.beforeAll(async () => {
  const misspelt = containerFixture({ name: "misspelt", isolation: { memory_limt: "64m" } });
  const failing = containerFixture({ name: "failing", flags: ["--exit-at-once", "3"] });
  product = await startProduct({
    config: configOf([containerFixture({ name: "steady" }), hostFixture({ name: "on-host" }), misspelt, failing]),
    dashboard: "started",
  });
  const { run } = await product.api.serverIn("steady", "ready");
  const ended = await product.api.endedRun("failing");
  const parts = ["", "/runs", "/logs", "/tools", "/isolation", "/doctor", "/config"];
  paths = [
    "/overview",
    "/review",
    "/servers",
    ...parts.map((part) => `/servers/steady${part}`),
    "/runs",
    `/runs/${run?.id}`,
    `/runs/${ended.id}`,
    "/logs",
    "/docker",
  ];
});

test.afterAll(async () => product?.dispose());

for (const theme of themes) {
  for (const viewport of sizes) {
    test.describe(`${theme} at ${viewport.width} px`, () => {
      test.use({ colorScheme: theme, viewport });

      test("axe finds nothing serious on any page, and no page scrolls sideways", async ({ page }) => {
        test.setTimeout(240_000);
        await page.goto(`${product.webUrl}/login`);
        expect(await seriousViolations(page), "/login").toEqual([]);
        await logIn(page, product);
        for (const path of paths) {
          await page.goto(`${product.webUrl}${path}`);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          expect(await seriousViolations(page), path).toEqual([]);
          expect(await overflowPx(page), path).toBeLessThanOrEqual(0);
        }
      });
    });
  }
}

test("everything is reachable by keyboard, and the focus can be seen", async ({ page }) => {
  await logIn(page, product);
  await expect(page.getByRole("link", { name: "steady" }).first()).toBeVisible();
  await page.keyboard.press("Tab");
  expect(await focusedName(page)).toMatch(/skip/i);
  const names: string[] = [];
  for (let presses = 0; presses < 60 && !names.some((name) => name.includes("steady")); presses += 1) {
    await page.keyboard.press("Tab");
    names.push(await focusedName(page));
  }
  expect(names).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/Servers/),
      expect.stringMatching(/Runs/),
      expect.stringMatching(/steady/),
    ]),
  );
  expect(await isFocusMarked(page)).toBe(true);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/(servers|runs)\//);
});

function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "",
  );
}

function isFocusMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    if (document.activeElement === null) return false;
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
}
