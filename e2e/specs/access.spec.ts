import { expect, test } from "@playwright/test";
import { logIn } from "../harness/browser.ts";
import { exchange } from "../harness/http-exchange.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";

const foreign = [
  { what: "Host", headers: { host: "evil.example" } },
  { what: "Origin", headers: { origin: "http://evil.example" } },
];
const initialize =
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"e2e","version":"1"}}}';
let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([hostFixture({ name: "one" })]), dashboard: "started" });
});

test.afterAll(async () => product?.dispose());

test("a login link works once", async ({ page, browser }) => {
  const link = await product.loginUrl();
  await page.goto(link);
  await expect(page).toHaveURL(`${product.webUrl}/overview`);
  await page.goto(product.webUrl);
  await expect(page).toHaveURL(`${product.webUrl}/overview`);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "mcpproxy_session", httpOnly: true, sameSite: "Strict" });

  const secondBrowser = await browser.newContext();
  const secondPage = await secondBrowser.newPage();
  await secondPage.goto(link);
  await expect(secondPage).toHaveURL(/\/login/);
  await expect(secondPage.getByText(/mcpproxy login/).first()).toBeVisible();
  expect(await secondBrowser.cookies()).toEqual([]);
  await secondBrowser.close();
});

test("without a session every page leads to the login page", async ({ page }) => {
  for (const path of ["/", "/overview", "/review", "/servers", "/servers/one", "/runs"]) {
    await page.goto(`${product.webUrl}${path}`);
    await expect(page).toHaveURL(/\/login/);
  }
});

test("without a key or session the proxy tells nothing", async () => {
  for (const path of ["/api/v1/status", "/api/v1/servers", "/api/v1/runs", "/trpc/status"]) {
    const answer = await exchange({ url: `${product.proxy.url}${path}` });
    expect(answer.status, path).toBe(401);
    expect(answer.text, path).not.toContain(product.instanceId);
  }
});

for (const { what, headers } of foreign) {
  test(`a foreign ${what} is refused on every surface`, async () => {
    const key = { "x-api-key": product.proxy.apiKey };
    const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const requests = [
      { url: `${product.webUrl}/servers`, headers },
      { url: `${product.webUrl}/trpc/status`, headers },
      { url: `${product.proxy.url}/trpc/status`, headers: { ...key, ...headers } },
      { url: `${product.proxy.url}/api/v1/status`, headers: { ...key, ...headers } },
      { url: product.mcpUrl("one"), method: "POST" as const, body: initialize, headers: { ...json, ...headers } },
    ];
    for (const request of requests) expect((await exchange(request)).status, request.url).toBe(403);
  });
}

test("a page of the dashboard forbids framing and inline scripts", async ({ page }) => {
  await logIn(page, product);
  const response = await page.goto(`${product.webUrl}/runs`);
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toMatch(/script-src [^;]*'nonce-/);
  expect(policy).not.toMatch(/script-src [^;]*'unsafe-inline'/);
});
