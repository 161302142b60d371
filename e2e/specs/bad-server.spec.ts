import { expect, test } from "@playwright/test";
import { logIn } from "../harness/browser.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";

const failing = [
  {
    ...containerFixture({
      name: "no-image",
      isolation: { image: "mcpproxy-test/does-not-exist:1", pull_policy: "missing" },
    }),
    kind: "image_failed",
    says: /does-not-exist/,
  },
  {
    ...containerFixture({ name: "no-command" }),
    command: "no-such-program",
    kind: "start_failed",
    says: /no-such-program/,
  },
  {
    ...containerFixture({ name: "exits", flags: ["--exit-at-once", "3"] }),
    kind: "handshake_failed",
    says: /initialize/i,
  },
  {
    ...containerFixture({ name: "silent", flags: ["--never-answer"], isolation: { timeout: "2s" } }),
    kind: "handshake_failed",
    says: /initialize/i,
  },
];
const garbage = containerFixture({ name: "garbage", flags: ["--garbage-first"] });
const good = containerFixture({ name: "good" });
let product: Product;

test.beforeAll(async () => {
  const servers = failing.map(({ kind: _kind, says: _says, ...entry }) => entry);
  product = await startProduct({ config: configOf([...servers, garbage, good]), dashboard: "started" });
  await product.api.serverIn("good", "ready");
});

test.afterAll(async () => product?.dispose());

for (const { name, kind, says } of failing) {
  test(`${name}: the run's verdict says what happened, in API, CLI and dashboard`, async ({ page }) => {
    const run = await product.api.endedRun(name);
    expect(run.verdict.kind, run.verdict.summary).toBe(kind);
    expect(JSON.stringify(run.verdict)).toMatch(says);
    const listed = await product.command("runs");
    expect(listed.output).toContain(run.verdict.summary.slice(0, 40));
    await logIn(page, product);
    await page.goto(`${product.webUrl}/runs/${run.id}`);
    await expect(page.getByText(run.verdict.summary).first()).toBeVisible();
    if (run.verdict.remedy !== undefined) await expect(page.getByText(run.verdict.remedy).first()).toBeVisible();
  });
}

test("exits: the last lines of stderr are on the run page", async ({ page }) => {
  const run = await product.api.endedRun("exits");
  expect(run.stderrTail.join("\n")).toContain("told to exit with code 3");
  await logIn(page, product);
  await page.goto(`${product.webUrl}/runs/${run.id}`);
  await expect(page.getByText("told to exit with code 3").first()).toBeVisible();
});

test("garbage: lines that are not JSON are recorded, and the server works all the same", async ({ page }) => {
  const { run } = await product.api.serverIn("garbage", "ready");
  const events = await product.api.runEvents(run?.id ?? "");
  const noise = events.find(({ kind }) => kind === "stdout-noise");
  expect(noise?.message, JSON.stringify(events)).toContain("Starting up, please wait");
  const session = await openMcpSession(product.mcpUrl("garbage"));
  expect((await session.callTool("add", { a: 2, b: 3 })).error).toBeUndefined();
  session.close();
  await logIn(page, product);
  await page.goto(`${product.webUrl}/runs/${run?.id}`);
  await expect(page.getByText(noise?.message ?? "no event").first()).toBeVisible();
});

test("a client of a failed server gets the verdict, and the good server works meanwhile", async () => {
  await expect(openMcpSession(product.mcpUrl("no-command"))).rejects.toThrow(/no-such-program/);
  const session = await openMcpSession(product.mcpUrl("good"));
  expect(JSON.stringify((await session.callTool("echo", { message: "unharmed" })).result)).toContain("unharmed");
  session.close();
});
