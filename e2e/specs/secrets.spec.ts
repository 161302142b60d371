import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { logIn } from "../harness/browser.ts";
import { docker } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture, hostFixture } from "../harness/server-entries.ts";

const secret = "s3cret-value-6f1d0c";
const env = { API_TOKEN: secret };
const flags = ["--print-env", "API_TOKEN"];
const names = ["in-container", "on-host"];
let product: Product;

test.beforeAll(async () => {
  const servers = [
    containerFixture({ name: "in-container", env, flags }),
    hostFixture({ name: "on-host", env, flags }),
  ];
  product = await startProduct({ config: configOf(servers), dashboard: "started" });
  for (const name of names) await product.api.serverIn(name, "ready");
});

test.afterAll(async () => product?.dispose());

test("the variable reaches the server's process", async () => {
  for (const name of names) {
    const session = await openMcpSession(product.mcpUrl(name));
    const { result } = await session.callTool("env", { name: "API_TOKEN" });
    expect(JSON.stringify(result), name).toContain('\\"isSet\\":true');
    session.close();
  }
});

test("its value is in no log file, although the server prints it", async () => {
  const files = await readdir(product.home.logDir);
  expect(files).toEqual(expect.arrayContaining(["main.log", "server-in-container.log", "server-on-host.log"]));
  for (const file of files)
    expect(await product.home.readText(join(product.home.logDir, file)), file).not.toContain(secret);
});

test("its value is in no answer of the API and no output of the CLI", async () => {
  await product.api.servers();
  await product.api.status();
  for (const { id } of await product.api.runs()) {
    await product.api.run(id);
    await product.api.runEvents(id);
  }
  expect(product.api.seenText()).toContain("API_TOKEN");
  expect(product.api.seenText()).not.toContain(secret);
  for (const args of [
    ["docker-args", "in-container"],
    ["servers", "--json"],
    ["runs", "--json"],
    ["validate"],
    ["logs", "on-host"],
  ]) {
    expect((await product.command(...args)).output, args.join(" ")).not.toContain(secret);
  }
});

test("its value is on no page and in no label or command of the container", async ({ page }) => {
  await logIn(page, product);
  const paths = [
    "/overview",
    "/review?state=all",
    "/servers",
    "/runs",
    ...names.flatMap((name) => ["", "/isolation", "/config", "/logs"].map((part) => `/servers/${name}${part}`)),
  ];
  for (const { id } of await product.api.runs()) paths.push(`/runs/${id}`);
  for (const path of paths) {
    await page.goto(`${product.webUrl}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.content(), path).not.toContain(secret);
  }
  const { run } = await product.api.server("in-container");
  const facts = await docker(
    "inspect",
    "--format",
    "{{json .Config.Labels}} {{json .Path}} {{json .Args}}",
    run?.containerId ?? "",
  );
  expect(facts).not.toContain(secret);
});
