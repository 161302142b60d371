import { expect, test } from "@playwright/test";
import { logIn } from "../harness/browser.ts";
import { startProduct, type Product } from "../harness/product.ts";

const brokenText = '{\n  "mcpServers": [\n    { "name": "one" "command": "npx" }\n  ]\n}\n';
let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: brokenText, dashboard: "started" });
});

test.afterAll(async () => product?.dispose());

test("a syntax error is shown with line and column in CLI, API and dashboard, and starts nothing", async ({ page }) => {
  const validation = await product.command("validate");
  expect(validation.exitCode, validation.output).toBe(2);
  expect(validation.output).toMatch(/mcp_config\.json:3:\d+/);

  const { configIssues } = await product.api.status();
  expect(configIssues[0]).toMatchObject({ line: 3 });
  expect(await product.api.runs()).toEqual([]);

  await logIn(page, product);
  await expect(page.getByText(configIssues[0]?.message ?? "no issue").first()).toBeVisible();
  await expect(page.getByText(/\b3:\d+/).first()).toBeVisible();
});
