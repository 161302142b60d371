import { expect, test, type Page } from "@playwright/test";
import { expectSamePage, logIn, markPage, seriousViolations } from "../harness/browser.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf, containerFixture, hostFixture } from "../harness/server-entries.ts";

const secret = "page-secret-91c2";
let product: Product;

test.beforeAll(async () => {
  const servers = [
    containerFixture({ name: "steady", isolation: { memory_limit: "96m" }, env: { API_TOKEN: secret } }),
    hostFixture({ name: "on-host" }),
    containerFixture({ name: "asleep", isolation: { start: "lazy" } }),
  ];
  const text = JSON.stringify(configOf(servers), null, 2);
  product = await startProduct({
    config: text.replace('"memory_limit": "96m"', '// enough so far\n        "memory_limit": "96m"'),
    dashboard: "started",
  });
  for (const name of ["steady", "on-host"]) await product.api.serverIn(name, "ready");
});
test.afterAll(async () => product?.dispose());
test.beforeEach(async ({ page }) => logIn(page, product));

const open = (page: Page, path: string) => page.goto(`${product.webUrl}${path}`);
const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const configText = () => product.home.readText(product.home.configPath);

test("each part of a server's page has a URL of its own, reached without a new page", async ({ page }) => {
  await open(page, "/servers/steady");
  await markPage(page);
  const parts = page.getByRole("navigation", { name: "Parts of steady" });
  for (const name of ["Runs", "Logs", "Tools", "Isolation", "Doctor", "Config"]) {
    await parts.getByRole("link", { name, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/servers/steady/${name.toLowerCase()}$`));
    await expect(parts.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "page");
  }
  await expectSamePage(page);
});

test("the overview draws memory and CPU of the run that goes on, against their limits", async ({ page }) => {
  await open(page, "/servers/steady");
  await expect(section(page, "Memory").getByRole("img", { name: /Memory over .* limit 96 MiB/ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(section(page, "CPU").getByRole("img", { name: /CPU over .* limit 1 core/ })).toBeVisible({
    timeout: 60_000,
  });
});

test("a tool is found, called from its form, and shows what it answered", async ({ page }) => {
  await open(page, "/servers/steady/tools");
  await page.getByRole("searchbox", { name: /Name or description/ }).fill("adds two");
  await page.getByRole("button", { name: /^add/ }).click();
  await page.getByRole("textbox", { name: "a", exact: true }).fill("2");
  await page.getByRole("button", { name: "Call add" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "b is needed." })).toBeVisible();
  await page.getByRole("textbox", { name: "b", exact: true }).fill("40");
  await page.getByRole("button", { name: "Call add" }).click();
  await expect(page.getByRole("region", { name: "Text 1" })).toHaveText("42");
  await page.getByRole("button", { name: "Arguments as JSON" }).click();
  await page.getByRole("textbox", { name: "Arguments" }).fill('{"a": 1, "b": 1}');
  await page.getByRole("button", { name: "Call add" }).click();
  await expect(page.getByRole("region", { name: "Text 1" })).toHaveText("2");
  expect(await seriousViolations(page)).toEqual([]);
});

test("pictures and structured content are shown as what they are", async ({ page }) => {
  await open(page, "/servers/steady/tools");
  await page.getByRole("button", { name: /^picture/ }).click();
  await page.getByRole("combobox", { name: /size/ }).selectOption("large");
  await page.getByRole("button", { name: "Call picture" }).click();
  await expect(page.getByRole("img", { name: "Content 1 of the answer" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Structured content" })).toContainText('"size": "large"');
});

test("a server that sleeps lists its tools when it is asked to start", async ({ page }) => {
  await open(page, "/servers/asleep/tools");
  await page.getByRole("button", { name: "Start it and list its tools" }).click();
  await expect(page.getByRole("button", { name: /^echo/ })).toBeVisible({ timeout: 60_000 });
});

test("a limit is changed: checked, shown as a difference with its command, then saved with every comment", async ({
  page,
}) => {
  await open(page, "/servers/steady/isolation");
  await page.getByRole("combobox", { name: "Setting" }).selectOption("memory_limit");
  const field = page.getByRole("textbox", { name: "memory_limit" });
  await expect(field).toHaveValue("96m");
  await field.fill("a lot");
  await expect(page.getByRole("alert").filter({ hasText: "amount of memory" })).toBeVisible();
  await field.fill("160m");
  const difference = page.getByRole("region", { name: "Change of the config file" });
  await expect(difference).toContainText('"memory_limit": "160m"');
  await expect(difference).not.toContainText(secret);
  await expect(page.getByRole("region", { name: "Text of the docker command" })).toContainText("--memory");
  await expect(page.getByRole("region", { name: "Text of the docker command" })).toContainText("160m");
  expect(await configText()).toContain('"96m"');
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Save and apply" }).click();
  await expect(page.getByText(/^Saved; the server/)).toBeVisible({ timeout: 60_000 });
  expect(await configText()).toContain('// enough so far\n        "memory_limit": "160m"');
  await product.api.serverIn("steady", "ready");
});

test("the config shows the entry with its place, and no secret", async ({ page }) => {
  await open(page, "/servers/steady/config");
  const entry = page.getByRole("region", { name: "Text of the entry" });
  await expect(entry).toContainText("// enough so far");
  await expect(entry).toContainText('"API_TOKEN": "***"');
  await expect(page.getByText(/mcp_config\.json:\d+$/)).toBeVisible();
  expect(await page.content()).not.toContain(secret);
});

test("a server is restarted with a reason, disabled, and enabled again", async ({ page }) => {
  await open(page, "/servers/on-host");
  await expect(page.getByRole("button", { name: "Restart on-host" })).toBeVisible();
  const { run } = await product.api.serverIn("on-host", "ready");
  await page.getByText("More", { exact: true }).click();
  await page.getByRole("button", { name: "Restart with a reason…" }).click();
  const dialog = page.getByRole("dialog", { name: "Restart on-host" });
  await dialog.getByRole("textbox", { name: /Reason/ }).fill("trying a new version");
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Restart", exact: true }).click();
  await expect(dialog).toHaveCount(0, { timeout: 60_000 });
  expect((await product.api.run(run?.id ?? "")).verdict?.summary).toContain("trying a new version");
  if (!(await page.getByRole("button", { name: "Disable on-host" }).isVisible()))
    await page.getByText("More", { exact: true }).click();
  await page.getByRole("button", { name: "Disable on-host" }).click();
  await page.getByRole("button", { name: /^Disable on-host: / }).click();
  await expect(page.getByRole("button", { name: "Enable on-host" })).toBeVisible({ timeout: 60_000 });
  expect(await configText()).toContain('"enabled": false');
  await page.getByRole("button", { name: "Enable on-host" }).click();
  await product.api.serverIn("on-host", "ready");
});

test("a server is added from pasted JSON after a look at what would come of it", async ({ page }) => {
  await open(page, "/servers");
  await page.getByRole("button", { name: "Add a server" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a server" });
  await dialog.getByRole("button", { name: "Paste JSON" }).click();
  const entry = {
    command: process.execPath,
    args: [repository.nodeFixture],
    env: { NEW_TOKEN: "new-secret-5d1f" },
    isolation: { enabled: false },
  };
  await dialog.getByRole("textbox", { name: /^JSON/ }).fill(JSON.stringify({ mcpServers: { added: entry } }));
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByText("On the host, not isolated")).toBeVisible();
  await expect(dialog.getByRole("region", { name: "New entry in the config file" })).toContainText(
    '"NEW_TOKEN": "***"',
  );
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Add it" }).click();
  await expect(page).toHaveURL(/\/servers\/added$/, { timeout: 60_000 });
  await product.api.serverIn("added", "ready");
  expect(await configText()).toContain("// enough so far");
});
