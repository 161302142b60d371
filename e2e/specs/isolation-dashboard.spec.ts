import { expect, test, type Page } from "@playwright/test";
import { expectSamePage, logIn, markPage, seriousViolations, themes } from "../harness/browser.ts";
import { docker, inspectContainer } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf, containerFixture, testImage } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

const mebibyte = 1024 ** 2;
let product: Product;

/** A config with comments, which every edit must leave where they are. */
function commentedConfig(): string {
  const cached = {
    name: "cached",
    command: "npx",
    args: ["/fixtures/mcp-fixture.mjs"],
    isolation: { image: testImage, pull_policy: "never", volumes: [`${repository.fixtures}:/fixtures:ro`] },
  };
  const servers = [
    containerFixture({ name: "on-host-network", isolation: { network_mode: "host" } }),
    containerFixture({ name: "hungry", isolation: { memory_limit: "64m" } }),
    containerFixture({ name: "broken", flags: ["--exit-at-once", "3"] }),
    cached,
  ];
  const text = JSON.stringify(configOf(servers, { pids_limit: 128 }), null, 2);
  return text.replace('"memory_limit": "64m"', '// the smallest that works\n        "memory_limit": "64m"');
}

test.beforeAll(async () => {
  product = await startProduct({ config: commentedConfig(), dashboard: "started" });
  for (const name of ["on-host-network", "hungry"]) await product.api.serverIn(name, "ready");
});

test.afterAll(async () => {
  const instance = `label=com.mcpproxy.instance=${product.instanceId}`;
  await product.dispose();
  const volumes = (await docker("volume", "ls", "-q", "--filter", instance)).split("\n").filter((name) => name !== "");
  if (volumes.length > 0) await docker("volume", "rm", ...volumes);
});

test.beforeEach(async ({ page }) => {
  await logIn(page, product);
  await page.goto(`${product.webUrl}/servers`);
});

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const open = (page: Page, path: string) => page.goto(`${product.webUrl}${path}`);

test("a server on the host's network is flagged as a danger wherever it appears", async ({ page }) => {
  await expect(page.getByText("Danger: The server shares this machine's network")).toBeVisible();
  const { run } = await product.api.serverIn("on-host-network", "ready");
  for (const path of [
    "/servers/on-host-network",
    "/servers/on-host-network/isolation",
    `/runs/${run?.id}`,
    "/runs",
    "/docker",
  ]) {
    await open(page, path);
    await expect(page.getByText("Host network", { exact: true }).first(), path).toBeVisible();
  }
});

test("the server's page shows the score, how to close each weakness, and applies a fix", async ({ page }) => {
  await open(page, "/servers/on-host-network/isolation");
  const isolation = section(page, "Isolation");
  await expect(isolation.getByText(/^Score \d+ of 100$/)).toBeVisible();
  await expect(isolation.getByRole("list", { name: "Weaknesses" }).getByRole("listitem").first()).toBeVisible();
  const score = Number(/\d+/.exec(await isolation.getByText(/^Score/).innerText())?.[0]);
  await expect(isolation.getByText('isolation.network_mode: "bridge"')).toBeVisible();
  await markPage(page);
  await isolation.getByRole("button", { name: /Set network_mode to bridge/ }).click();
  await expect(isolation.getByText("Danger", { exact: true })).toHaveCount(0);
  await expect
    .poll(async () => Number(/\d+/.exec(await isolation.getByText(/^Score/).innerText())?.[0]), { timeout: 15_000 })
    .toBeGreaterThan(score);
  await expectSamePage(page);
});

test("the settings show where each value comes from, and all of them on request", async ({ page }) => {
  await open(page, "/servers/hungry/isolation");
  const settings = section(page, "Settings");
  const rowOf = (key: string) => settings.getByRole("row").filter({ has: page.getByText(key, { exact: true }) });
  await expect(rowOf("memory_limit")).toContainText(/64m.*this server/);
  await expect(rowOf("pids_limit")).toContainText(/128.*docker_isolation/);
  await expect(rowOf("init")).toHaveCount(0);
  await settings.getByRole("button", { name: /^All \d+ settings$/ }).click();
  await expect(rowOf("init")).toContainText(/true.*default/);
});

test("an out-of-memory run offers the next limit; a click writes it and the server comes up with it", async ({
  page,
}) => {
  const session = await openMcpSession(product.mcpUrl("hungry"));
  expect((await session.callTool("allocate", { megabytes: 200 })).error?.message).toContain("Out of memory");
  session.close();
  const dead = await product.api.endedRun("hungry");
  await product.api.post("/api/v1/servers/hungry/start");
  const { run: earlier } = await product.api.serverIn("hungry", "ready");

  await open(page, `/runs/${dead.id}`);
  await expect(page.getByText('isolation.memory_limit: "128m"')).toBeVisible();
  await expect(page.getByText("unix:///", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: /^Set memory_limit to 128m/ }).click();
  await expect(page.getByText("Changed; the server restarts with it.")).toBeVisible();

  const run = await until(
    "the server is ready with a new run",
    async () => {
      const server = await product.api.serverIn("hungry", "ready");
      return server.run !== null && server.run.id !== earlier?.id ? server.run : undefined;
    },
    { deadlineMs: 20_000 },
  );
  expect((await inspectContainer(run.containerId ?? "")).HostConfig.Memory).toBe(128 * mebibyte);
  expect((await product.api.run(earlier?.id ?? "")).verdict?.summary).toMatch(/limit changed from 64.* to 128/i);
  const text = await product.home.readText(product.home.configPath);
  expect(text).toContain('// the smallest that works\n        "memory_limit": "128m"');

  await open(page, `/runs/${dead.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Out of memory");
  await expect(page.getByRole("button", { name: /^Set memory_limit/ })).toHaveCount(0);
});

test("an examination answers the seven steps, and a start on trial tells why it fails", async ({ page }) => {
  await open(page, "/servers/broken/doctor");
  const examination = section(page, "Examination");
  await examination.getByRole("button", { name: "Examine broken", exact: true }).click();
  await expect(examination.getByRole("list", { name: "Examination" }).getByRole("listitem")).toHaveCount(7);
  await examination.getByRole("button", { name: /start on trial/ }).click();
  await expect(examination.getByText(/A start on trial failed/)).toBeVisible({ timeout: 30_000 });
  await expect(examination.getByText("fixture: told to exit with code 3").first()).toBeVisible();
});

test("Docker shows the engine, the context in use and why, and its servers", async ({ page }) => {
  await page.getByRole("link", { name: "Docker", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Docker", level: 1 })).toBeVisible();
  await expect(section(page, "Engine")).toContainText(/\d+\.\d+\.\d+/);
  const used = page.getByRole("table", { name: "Docker contexts" }).getByRole("row").filter({ hasText: "Used" }).nth(1);
  await expect(used).toContainText("Available");
  await expect(used.getByRole("link", { name: "hungry" })).toBeVisible();
});

test("a cache is removed by the second click only, and one in use is kept with the reason", async ({ page }) => {
  await open(page, "/docker");
  const caches = section(page, "Caches");
  const remove = caches.getByRole("button", { name: /^Remove the cache of cached/ });
  await expect(remove).toBeVisible();
  await remove.click();
  await expect(remove).toHaveText("Remove for good");
  await page.getByRole("heading", { name: "Docker", level: 1 }).click();
  await expect(remove).toHaveText("Remove");
  await remove.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(caches.getByText(/^(Removed|Kept) the cache of cached/)).toBeVisible();
});

for (const theme of themes) {
  for (const width of [1280, 390]) {
    test(`${theme} at ${width} px: axe finds nothing serious, and nothing scrolls sideways`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 800 });
      const [ended] = await product.api.runs({ server: "hungry", state: "ended", limit: "1" });
      for (const path of [
        "/servers",
        "/servers/hungry/isolation",
        "/servers/broken/doctor",
        `/runs/${ended?.id}`,
        "/docker",
      ]) {
        await open(page, path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await seriousViolations(page), path).toEqual([]);
        const overflowPx = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflowPx, path).toBeLessThanOrEqual(0);
      }
    });
  }
}
