import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { homeEnvironment, runCommand } from "../harness/command-line.ts";
import { containersOf, docker, hasImage, inspectContainer } from "../harness/docker.ts";
import { exchange } from "../harness/http-exchange.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { connectOverHttp, connectOverStdio } from "../harness/sdk-clients.ts";
import { temporaryHome } from "../harness/temporary-home.ts";

let product: Product;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const home = await temporaryHome();
  if (!(await hasImage("node:20"))) {
    const pull = await runCommand(["images", "pull", "--build-from-host-if-unreachable"], homeEnvironment(home));
    expect(pull.exitCode, pull.output).toBe(0);
  }
  product = await startProduct({ home, paths: "defaults" });
  await Promise.all([
    product.api.serverIn("everything", "ready", 120_000),
    product.api.serverIn("memory", "ready", 120_000),
  ]);
});

test.afterAll(async () => product?.dispose());

test("the first start writes a config with two real servers", async () => {
  expect(await product.home.readText(product.home.configPath)).toContain("@modelcontextprotocol/server-everything");
  const servers = await product.api.servers();
  expect(
    servers.map(({ name, isolation }) => ({ name, isolation })).toSorted((a, b) => a.name.localeCompare(b.name)),
  ).toEqual([
    { name: "everything", isolation: "docker" },
    { name: "memory", isolation: "docker" },
  ]);
});

test("docker ps shows one hardened container per server", async () => {
  expect(await docker("ps", "--format", "{{.Names}}")).toMatch(/^mcpproxy-everything-[a-z0-9]{4}$/m);
  for (const server of ["everything", "memory"]) {
    const ids = await containersOf({ instanceId: product.instanceId, server, which: "running" });
    expect(ids).toHaveLength(1);
    const { HostConfig: host } = await inspectContainer(ids[0] ?? "");
    expect(host).toMatchObject({
      Memory: 512 * 1024 ** 2,
      MemorySwap: 512 * 1024 ** 2,
      NanoCpus: 1e9,
      PidsLimit: 256,
      CapDrop: ["ALL"],
      Init: true,
      AutoRemove: false,
    });
    expect(host.CapAdd ?? []).toEqual([]);
    expect(host.SecurityOpt?.some((option) => option.startsWith("no-new-privileges"))).toBe(true);
    expect(host.RestartPolicy.Name).toMatch(/^(no)?$/);
  }
});

test("a client over Streamable HTTP lists and calls tools", async () => {
  const client = await connectOverHttp(product, "everything");
  expect(client.getServerVersion()?.name).toContain("everything");
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("echo");
  const answer = await client.callTool({ name: "echo", arguments: { message: "through HTTP" } });
  expect(JSON.stringify(answer.content)).toContain("through HTTP");
  await client.close();
});

test("a client that starts `mcpproxy stdio everything` lists and calls tools", async () => {
  const client = await connectOverStdio(product, "everything");
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("echo");
  const answer = await client.callTool({ name: "echo", arguments: { message: "through stdio" } });
  expect(JSON.stringify(answer.content)).toContain("through stdio");
  await client.close();
});

test("the REST API takes the key of the data dir as ?apikey=", async () => {
  const url = `${product.proxy.url}/api/v1/servers?apikey=`;
  const answer = await exchange({ url: `${url}${product.proxy.apiKey}` });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('"name":"everything"');
  expect((await exchange({ url: `${url}wrong` })).status).toBe(401);
});

test("the log files hold the lines that the guide greps for", async () => {
  const serverLog = await product.home.readText(join(product.home.logDir, "server-everything.log"));
  expect(serverLog).toMatch(/Docker isolation enabled for server: everything/);
  expect(serverLog).toMatch(/Docker isolation setup successful/);
  const mainLog = await product.home.readText(join(product.home.logDir, "main.log"));
  expect(mainLog).toMatch(
    /docker_run_args: \["run", "-i", .*"--memory=512m".*"--cpus=1(\.0)?".*"--network=bridge".*"node:20"/,
  );
});
