import { expect, test } from "@playwright/test";
import { logIn } from "../harness/browser.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";

const mistakes = [
  {
    server: "misspelt",
    entries: [{ memory_limt: "64m" }],
    place: "isolation.memory_limt",
    says: /memory_limt/,
    remedy: /memory_limit/,
  },
  {
    server: "negative",
    entries: [{ memory_limit: "-5m" }],
    place: "isolation.memory_limit",
    says: /-5m/,
    remedy: /\d+[mg]/,
  },
  { server: "twice", entries: [{}, {}], place: "name", says: /twice/, remedy: /name/i },
];
const good = containerFixture({ name: "good" });
const broken = mistakes.flatMap(({ server, entries }) =>
  entries.map((isolation) => containerFixture({ name: server, isolation })),
);
let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([...broken, good]), dashboard: "started" });
  await product.api.serverIn("good", "ready");
});

test.afterAll(async () => product?.dispose());

for (const { server, place, says, remedy } of mistakes) {
  test(`${server}: CLI, API and dashboard name the place and the remedy`, async ({ page }) => {
    const validation = await product.command("validate");
    expect(validation.exitCode, validation.output).toBe(2);
    expect(validation.output).toContain(place);
    expect(validation.output).toMatch(says);
    expect(validation.output).toMatch(remedy);
    expect(validation.output).toMatch(/mcp_config\.json:\d+:\d+/);

    const { configIssues } = await product.api.status();
    const issue = configIssues.find((one) => one.server === server);
    expect(issue, JSON.stringify(configIssues)).toBeDefined();
    expect(issue?.path).toContain(place);
    expect(issue?.line).toBeGreaterThan(1);
    expect(issue?.message).toMatch(says);
    expect(issue?.remedy ?? "").toMatch(remedy);

    const record = await product.api.server(server);
    expect(record).toMatchObject({
      state: "refused",
      isolation: "refused",
      run: null,
      problem: { code: "config_invalid" },
    });
    await logIn(page, product);
    await expect(page.getByText(issue?.message ?? "no issue").first()).toBeVisible();
  });
}

test("a refused server answers a client with the reason", async () => {
  await expect(openMcpSession(product.mcpUrl("misspelt"))).rejects.toThrow(/memory_limt/);
});

test("the good server works meanwhile", async () => {
  const session = await openMcpSession(product.mcpUrl("good"));
  expect(JSON.stringify((await session.callTool("echo", { message: "unharmed" })).result)).toContain("unharmed");
  session.close();
});
