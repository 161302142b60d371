import { expect, test } from "@playwright/test";
import { logIn, seriousViolations } from "../harness/browser.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";

const tokens = ["hush-hush-before", "hush-hush-after"] as const;
let product: Product;

function configWith(token: string, memoryLimit: string) {
  return configOf([
    containerFixture({ name: "changing", isolation: { memory_limit: memoryLimit }, env: { TOKEN: token } }),
  ]);
}

test.beforeAll(async () => {
  product = await startProduct({ config: configWith(tokens[0], "256m"), dashboard: "started" });
});

test.afterAll(async () => product?.dispose());

test("the page of a run says what changed since the run before, and its calls by tool", async ({ page }) => {
  await product.api.serverIn("changing", "ready");
  const session = await openMcpSession(product.mcpUrl("changing"));
  for (const message of ["one", "two", "three"]) await session.echoText(message);
  session.close();
  await product.home.writeConfig(configWith(tokens[1], "512m"));
  const ended = await product.api.endedRun("changing");
  const { run } = await product.api.serverIn("changing", "ready");
  await logIn(page, product);

  await page.goto(`${product.webUrl}/runs/${run?.id}`);
  const changes = page.getByRole("region", { name: "Changes" });
  await expect(changes).toContainText("memory limit 256 MiB → 512 MiB");
  await expect(changes).toContainText("variable TOKEN one value → another value");
  expect(await seriousViolations(page)).toEqual([]);
  await changes.getByRole("link", { name: "Run before" }).click();

  await expect(page).toHaveURL(`${product.webUrl}/runs/${ended.id}`);
  const echo = page.getByRole("table", { name: "Calls by tool" }).getByRole("row").filter({ hasText: "echo" });
  await expect(echo).toContainText("3");
  expect(await seriousViolations(page)).toEqual([]);

  const { output } = await product.command("runs", "show", ended.id);
  expect(output).toMatch(/echo +3 +0 +0/);
  const text = (await page.content()) + output + product.api.seenText();
  for (const token of tokens) expect(text).not.toContain(token);
});
