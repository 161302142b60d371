import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";

/** The guide's shell commands as a person types them; only the log folder is Linux's and the names are real. */
const execute = promisify(execFile);
let product: Product;

async function shell(script: string): Promise<string> {
  const env = { ...process.env, LOGS: product.home.logDir, CONFIG: product.home.configPath };
  const { stdout } = await execute("bash", ["-c", script], { env });
  return stdout;
}

test.beforeAll(async () => {
  product = await startProduct({
    config: configOf([
      containerFixture({ name: "steady" }),
      containerFixture({ name: "hungry", isolation: { memory_limit: "64m" } }),
    ]),
  });
  await product.api.serverIn("steady", "ready");
  await product.api.serverIn("hungry", "ready");
  const session = await openMcpSession(product.mcpUrl("hungry"));
  await session.callTool("write_stderr", { lines: 3 });
  await session.callTool("allocate", { megabytes: 200 });
  session.close();
  await product.api.endedRun("hungry");
});

test.afterAll(async () => product?.dispose());

test("is isolation enabled: the two lines in the server's log", async () => {
  const lines = await shell(
    String.raw`grep -i "docker isolation enabled\|docker isolation setup" $LOGS/server-steady.log | tail -5`,
  );
  expect(lines).toContain("Docker isolation enabled for server: steady");
  expect(lines).toContain("Docker isolation setup successful");
  expect(await shell(`grep -i "docker isolation" $LOGS/server-steady.log | tail -5`)).toContain("Docker isolation");
});

test("the docker command in main.log", async () => {
  const lines = await shell(`grep "docker_run_args" $LOGS/main.log | tail -3`);
  expect(lines).toMatch(/docker_run_args: \["run", "-i", .*"--memory=\d+m".*"--cpus=1\.0".*"--network=bridge"/);
});

test("running containers, by instance and by server", async () => {
  expect(await shell("docker ps | grep mcpproxy")).toContain("mcpproxy-steady-");
  expect(await shell("docker ps | grep mcpproxy-steady")).toContain("mcpproxy-steady-");
  const status = await shell(
    `CONTAINER_ID=$(docker ps | grep mcpproxy-steady | awk '{print $1}' | head -1); docker inspect --format='{{.State.Status}}' $CONTAINER_ID`,
  );
  expect(status.trim()).toBe("running");
});

test("logs of a running and of an exited container", async () => {
  await shell(`docker logs $(docker ps --format '{{.Names}}' | grep mcpproxy-steady | head -1)`);
  const logs = await shell(
    `CONTAINER_ID=$(docker ps -a | grep mcpproxy-hungry | grep Exited | awk '{print $1}' | head -1); docker logs $CONTAINER_ID 2>&1`,
  );
  expect(logs).toContain("line 3");
});

test("did it exit, and was it out of memory", async () => {
  expect(await shell("docker ps -a | grep mcpproxy-hungry")).toContain("Exited (137)");
  const lines = await shell(
    `CONTAINER_ID=$(docker ps -a | grep mcpproxy-hungry | grep Exited | awk '{print $1}' | head -1); docker inspect $CONTAINER_ID | grep -i "oom"`,
  );
  expect(lines).toMatch(/"OOMKilled": true/);
});

test("the extracted docker command runs by hand and answers", async () => {
  const { stdout: line } = await product.command("docker-args", "steady");
  const request = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "by hand", version: "1" } },
  });
  const name = /--name=(\S+)/.exec(line)?.[1] ?? "";
  const answer = await shell(`echo '${request}' | ${line.trim()}; docker rm -f ${name} >/dev/null`);
  expect(answer).toContain('"serverInfo"');
});

test("touching the config reloads it and disturbs nobody; the API shows the server", async () => {
  const before = await product.api.server("steady");
  await shell("touch $CONFIG");
  const url = `${product.proxy.url}/api/v1/servers?apikey=${product.proxy.apiKey}`;
  const shown = await shell(`curl -s "${url}" | python3 -m json.tool | grep -A 10 '"name": "steady"'`);
  expect(shown).toContain('"state": "ready"');
  expect((await product.api.server("steady")).run?.id).toBe(before.run?.id);
});

test("Docker's contexts are those that MCPProxy lists", async () => {
  const { output } = await product.command("contexts");
  // Clients before 23.0 have no `docker context show`.
  const current = "docker context ls --format '{{if .Current}}{{.Name}}{{end}}' | grep .";
  const shown = (await shell(`docker context show 2>/dev/null || ${current}`)).trim();
  expect(output).toContain(shown);
  expect((await product.command("doctor")).output).toMatch(/Docker contexts:\n(?:.*\n)*? {2}\* .+, used: /);
  expect(await shell("docker context ls")).toContain(shown);
});
