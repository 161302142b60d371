import { expect, test, type Page } from "@playwright/test";
import { expectSamePage, logIn, markPage, seriousViolations, themes } from "../harness/browser.ts";
import { inspectContainer } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

const mebibyte = 1024 ** 2;
const patient = { timeout: 30_000 };
let product: Product;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  product = await startProduct({
    config: configOf([
      containerFixture({ name: "steady" }),
      containerFixture({ name: "hungry", isolation: { memory_limit: "64m" } }),
    ]),
    dashboard: "started",
  });
  await product.api.serverIn("steady", "ready");
  await product.api.serverIn("hungry", "ready");
});

test.afterAll(async () => product?.dispose());

test.beforeEach(async ({ page }) => logIn(page, product));

const open = (page: Page, path: string) => page.goto(`${product.webUrl}${path}`);
const card = (page: Page) => page.getByRole("region", { name: "Failures" }).getByRole("listitem").first();
const limits = (page: Page) => page.getByRole("region", { name: "Memory limits" });

async function die(): Promise<void> {
  const session = await openMcpSession(product.mcpUrl("hungry"));
  expect((await session.callTool("allocate", { megabytes: 200 })).error?.message).toContain("Out of memory");
  session.close();
}

test("a quiet overview says that nothing died, and a kill reaches it without a reload", async ({ page }) => {
  await expect(page.getByText("Nothing died in 24 h")).toBeVisible();
  await expect(page.getByText("No server has failed yet.")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Limits .* of .*GiB$/ })).toBeVisible();
  await markPage(page);
  await die();
  const attention = page.getByRole("region", { name: "Needs attention now" });
  await expect(attention.getByText(/Out of memory: killed at the 64 MiB limit/)).toBeVisible(patient);
  await expect(page.getByRole("link", { name: /^1 ?Open failures$/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /^1 ?Out of memory, 24 h$/ })).toHaveAttribute(
    "href",
    /verdict=oom_killed/,
  );
  await expectSamePage(page);
  const strip = page.getByRole("list", { name: "Last runs of hungry" });
  await strip.getByRole("link", { name: /^Out of memory, ended/ }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
});

test("the inbox groups the kills, and acknowledging holds until it happens again", async ({ page }) => {
  await die();
  await open(page, "/review");
  await expect(card(page)).toContainText("hungry");
  await expect(card(page)).toContainText(/Runs\s*2/, patient);
  await expect(card(page)).toContainText(/Calls lost\s*2/);
  await page.getByRole("button", { name: "Acknowledge this failure of hungry" }).click();
  await expect(page.getByText(/Nothing is open\. The last failure was/)).toBeVisible();
  await open(page, "/review?state=acknowledged");
  await expect(card(page)).toContainText("Acknowledged by dashboard");
  await page.getByText("Its newest runs").click();
  await expect(card(page).getByText("acknowledged", { exact: true })).toHaveCount(2);
  await markPage(page);
  await die();
  await expect(page.getByRole("link", { name: /^Open 1$/ })).toBeVisible(patient);
  await page.getByRole("link", { name: /^Open 1$/ }).click();
  await expect(card(page)).toContainText("Happened again since dashboard had seen to it");
  await expect(card(page)).toContainText(/Runs\s*3, 1 new/);
  await expectSamePage(page);
});

test("assign, note, snooze and reopen, by keyboard", async ({ page }) => {
  await open(page, "/review");
  await page.getByRole("button", { name: "Assign or note this failure of hungry" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Assign or note this failure of hungry" });
  await expect(dialog.getByLabel("Looked after by")).toBeFocused();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.type("Ann");
  await dialog.getByLabel("Note").fill("Known since the import of March");
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(card(page)).toContainText("Looked after by Ann");
  await expect(card(page)).toContainText("Known since the import of March");
  await page.locator("summary", { hasText: "Snooze" }).press("Enter");
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: /^For a week/ }).press("Enter");
  await expect(page.getByText(/Nothing is open/)).toBeVisible();
  await page.getByRole("link", { name: /^Snoozed 1$/ }).click();
  await expect(card(page)).toContainText(/Snoozed by dashboard for a time that ends in \d d/);
  await page.getByRole("button", { name: "Reopen this failure of hungry" }).click();
  await page.getByRole("link", { name: /^Open 1$/ }).click();
  await expect(card(page)).toContainText("Looked after by Ann");
  const actions = (await product.api.audit("hungry")).map(({ action }) => action);
  expect(actions.slice(0, 4)).toEqual(["reopen-failures", "snooze-failures", "note-failures", "assign-failures"]);
});

test("the advisor raises a limit that was too low, and shows the exits before and after", async ({ page }) => {
  await open(page, "/review");
  await card(page).getByRole("link", { name: "What its memory limit should be" }).click();
  await expect(page).toHaveURL(/#limit-hungry$/);
  await expect(limits(page)).toContainText("3 times out of memory in 24 h at 64 MiB");
  await expect(limits(page)).toContainText('- "memory_limit": "64m"');
  await expect(limits(page)).toContainText('+ "memory_limit": "128m"');
  await markPage(page);
  await limits(page)
    .getByRole("button", { name: /^Apply/ })
    .click();
  await expect(limits(page).getByText('memory_limit = "128m"')).toBeVisible(patient);
  await expect(limits(page)).toContainText(/Before\s*3 of \d exits out of memory/);
  await expect(limits(page)).toContainText(/Since\s*(no exit|0 of 1 exit out of memory)/);
  await expectSamePage(page);
  await product.api.post("/api/v1/servers/hungry/start");
  const run = await until(
    "the server runs with the new limit",
    async () => {
      const { run: live } = await product.api.serverIn("hungry", "ready");
      const memory = live && (await inspectContainer(live.containerId ?? "")).HostConfig.Memory;
      return memory === 128 * mebibyte ? live : undefined;
    },
    { deadlineMs: 60_000 },
  );
  expect(run?.id).toBeDefined();
});

for (const theme of themes) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test("axe finds nothing serious where something failed", async ({ page }) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        for (const path of ["/overview", "/review", "/review?state=all"]) {
          await open(page, path);
          await expect(page.getByRole("link", { name: "hungry" }).first()).toBeVisible();
          expect(await seriousViolations(page), `${path} at ${width}`).toEqual([]);
        }
      }
    });
  });
}
