import { gzipSync } from "node:zlib";
import { expect, test, type Page } from "@playwright/test";
import { logIn } from "../harness/browser.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";

const budgetBytes = 200_000;
let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([hostFixture({ name: "light" })]), dashboard: "started" });
});

test.afterAll(async () => product?.dispose());

test("the first load of each page is under 200 kB of compressed JavaScript", async ({ page }) => {
  const { run } = await product.api.serverIn("light", "ready");
  await logIn(page, product);
  const parts = ["", "/runs", "/logs", "/tools", "/isolation", "/doctor", "/config"].map(
    (part) => `/servers/light${part}`,
  );
  const paths = ["/overview", "/review", "/servers", ...parts, "/runs", `/runs/${run?.id}`, "/logs", "/docker"];
  for (const path of paths) {
    const bytes = await scriptBytes(page, `${product.webUrl}${path}`);
    expect(bytes, `${path}: ${bytes} bytes`).toBeLessThan(budgetBytes);
    expect(bytes, path).toBeGreaterThan(10_000);
  }
});

/** What the page's own script tags bring (not the polyfills for old browsers), each compressed as the server would. */
async function scriptBytes(page: Page, url: string): Promise<number> {
  await page.goto(url);
  const sources = await page
    .locator("script[src]:not([nomodule])")
    .evaluateAll((scripts) => scripts.map((script) => script.getAttribute("src") ?? ""));
  let bytes = 0;
  for (const source of new Set(sources)) {
    const response = await page.request.get(new URL(source, url).href);
    bytes += gzipSync(await response.body()).length;
  }
  return bytes;
}
