import { expect, test, type Page } from "@playwright/test";
import { logIn, seriousViolations } from "../harness/browser.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";

let product: Product;

test.beforeAll(async () => {
  product = await startProduct({
    config: configOf([hostFixture({ name: "chatty" }), hostFixture({ name: "quiet" })]),
    dashboard: "started",
  });
  for (const name of ["chatty", "quiet"]) await product.api.serverIn(name, "ready");
});
test.afterAll(async () => product?.dispose());
test.beforeEach(async ({ page }) => logIn(page, product));

const lines = (page: Page) => page.locator("[data-log-line]");

async function flood(linesPerSecond: number, seconds: number): Promise<void> {
  const session = await openMcpSession(product.mcpUrl("chatty"));
  await session.callTool("flood", { linesPerSecond, seconds });
  session.close();
}

test("lines of all servers come as they are written; the end is in view until somebody goes up", async ({ page }) => {
  await page.goto(`${product.webUrl}/logs`);
  await expect(lines(page).first()).toBeVisible({ timeout: 30_000 });
  await flood(200, 1);
  await expect(lines(page).last()).toContainText("flood 199", { timeout: 30_000 });
  const region = page.getByRole("region", { name: "Log lines" });
  await region.hover();
  await page.mouse.wheel(0, -400);
  await expect(page.getByRole("status").filter({ hasText: "Paused" })).toBeVisible();
  const before = await lines(page).first().innerText();
  await flood(300, 1);
  const more = page.getByRole("button", { name: /^300 new lines/ });
  await expect(more).toBeVisible({ timeout: 30_000 });
  expect(await lines(page).first().innerText()).toBe(before);
  await more.click();
  await expect(lines(page).last()).toContainText("flood 299");
});

test("colours are shown as colours, JSON is opened, and streams and text narrow the lines", async ({ page }) => {
  await page.goto(`${product.webUrl}/servers/chatty/logs`);
  await flood(20, 1);
  const red = page.getByText("red flood 17", { exact: true });
  await expect(red).toBeVisible({ timeout: 30_000 });
  await expect(red).toHaveClass(/text-bad/);
  await page.getByRole("searchbox", { name: "Text in the lines" }).fill('"flood":13');
  await expect(lines(page).first()).toContainText('"flood":13');
  await page.getByRole("button", { name: "Show the whole line" }).last().click();
  await expect(page.locator("pre").filter({ hasText: '"second": 1' }).last()).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("checkbox", { name: "stderr" }).uncheck();
  await expect(page.getByText("No line matches")).toBeVisible();
});

test("the servers are chosen in the URL", async ({ page }) => {
  await page.goto(`${product.webUrl}/logs?server=quiet`);
  await expect(lines(page).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("region", { name: "Log of quiet" })).toBeVisible();
});

test("ten thousand lines a second for ten seconds leave a field quick, and the list within its bound", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.goto(`${product.webUrl}/servers/chatty/logs`);
  await expect(lines(page).first()).toBeVisible({ timeout: 30_000 });
  await watchInputs(page);
  await flood(10_000, 10);
  const field = page.getByRole("searchbox", { name: "Text in the lines" });
  await field.click();
  for (let round = 0; round < 15; round += 1) {
    await field.pressSequentially("flood", { delay: 60 });
    await field.fill("");
  }
  await expect(lines(page).last()).toContainText(/flood 99999|flood":99999/, { timeout: 60_000 });
  expect(await page.locator("[data-log-line]").count()).toBeLessThan(200);
  const latencies = await inputLatencies(page);
  expect(latencies.length).toBeGreaterThan(10);
  const sorted = latencies.toSorted((left, right) => left - right);
  const p95Ms = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  test.info().annotations.push({
    type: "input latency",
    description: `median ${sorted[Math.floor(sorted.length / 2)]} ms, 95 % ${p95Ms} ms, longest ${sorted.at(-1)} ms`,
  });
});

/** Notes how long each key takes from the press to the next paint. */
async function watchInputs(page: Page): Promise<void> {
  await page.evaluate(() => {
    const root = document.documentElement;
    root.setAttribute("data-e2e-latencies", "");
    document.addEventListener(
      "keydown",
      (event) => {
        const pressedMs = event.timeStamp;
        requestAnimationFrame(() =>
          setTimeout(() => {
            const known = root.getAttribute("data-e2e-latencies") ?? "";
            root.setAttribute("data-e2e-latencies", `${known} ${Math.round(performance.now() - pressedMs)}`);
          }),
        );
      },
      { capture: true },
    );
  });
}

async function inputLatencies(page: Page): Promise<readonly number[]> {
  const text = await page.evaluate(() => document.documentElement.getAttribute("data-e2e-latencies") ?? "");
  return text
    .split(" ")
    .filter((part) => part !== "")
    .map(Number);
}
