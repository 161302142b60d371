import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { docker, hasImage } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { containerFixture, testImage } from "../harness/server-entries.ts";
import { temporaryHome } from "../harness/temporary-home.ts";
import { until } from "../harness/until.ts";
import { repository } from "../harness/repository.ts";

/** The five common issues of the guide: each provoked, found by `mcpproxy doctor`, and mended. */
let product: Product;
let dataFolder: string;

const fixtureRun = [
  "-i",
  "--rm",
  "-v",
  `${repository.fixtures}:/fixtures:ro`,
  testImage,
  "node",
  "/fixtures/mcp-fixture.mjs",
];

test.beforeAll(async () => {
  test.setTimeout(180_000);
  expect(await hasImage("node:20"), "quick-start brings it").toBe(true);
  const home = await temporaryHome();
  dataFolder = join(home.directory, "project");
  await mkdir(dataFolder);
  await writeFile(join(dataFolder, "notes.txt"), "a note of the user");
  const servers = [
    { name: "docker-server", command: "docker", args: ["run", ...fixtureRun] },
    { name: "docker-terminal", command: "docker", args: ["run", "-it", ...fixtureRun.slice(1)] },
    { ...containerFixture({ name: "files" }), args: ["/fixtures/mcp-fixture.mjs", "--root", dataFolder] },
    {
      name: "offline",
      command: "npx",
      args: ["-y", "@modelcontextprotocol/server-memory"],
      env: { npm_config_fetch_retries: "0" },
      isolation: { network_mode: "none", pull_policy: "never", timeout: "20s" },
    },
    containerFixture({ name: "no-image", isolation: { image: "127.0.0.1:9/team/absent:1", pull_policy: "missing" } }),
    containerFixture({ name: "small", isolation: { memory_limit: "64m" } }),
  ];
  await home.writeConfig(
    `// the team's servers\n${JSON.stringify({ docker_isolation: { enabled: true, stop_timeout: "2s" }, mcpServers: servers }, null, 2)}\n`,
  );
  product = await startProduct({ home });
});

test.afterAll(async () => product?.dispose());

async function doctor(server: string, ...flags: readonly string[]): Promise<string> {
  return (await product.command("doctor", server, ...flags)).output;
}

test("issue 1: a server that is docker itself is not wrapped, and runs with history", async () => {
  const { run, findings } = await product.api.serverIn("docker-server", "ready");
  expect(findings.map(({ code }) => code)).toContain("docker_in_docker");
  const session = await openMcpSession(product.mcpUrl("docker-server"));
  expect(JSON.stringify(await session.callTool("echo", { message: "not nested" }))).toContain("not nested");
  session.close();
  expect(run?.containerName).toMatch(/^mcpproxy-docker-server-[a-z0-9]{4}$/);
  expect(await docker("ps", "--format", "{{.Names}}")).toContain(run?.containerName ?? "missing");
});

test("issue 1: a terminal (-t) is refused with the words that people search for", async () => {
  const { problem } = await product.api.serverIn("docker-terminal", "refused");
  expect(problem?.message).toContain("the input device is not a TTY");
  expect(problem?.remedy).toContain("Remove -t");
  expect(await doctor("docker-terminal")).toContain("PROBLEM 1. Isolation status");
});

test("issue 2: a path that the container cannot see is found, and the volume that mends it is added", async () => {
  await product.api.serverIn("files", "ready");
  const before = await doctor("files");
  expect(before).toContain(`The argument ${dataFolder} is a path of this machine, which the container cannot see.`);
  const mended = await doctor("files", "--fix");
  expect(mended).toContain("changed isolation.volumes of files");
  const text = await readFile(product.home.configPath, "utf8");
  expect(text).toContain("// the team's servers");
  expect(text).toContain(`${dataFolder}:${dataFolder}`);
  const session = await openMcpSession(product.mcpUrl("files"));
  const answer = await session.callTool("read_file", { path: join(dataFolder, "notes.txt") });
  expect(JSON.stringify(answer)).toContain("a note of the user");
  session.close();
  const stopped = await product.api.endedRun("files");
  expect(stopped.verdict).toMatchObject({ kind: "stopped_by_policy" });
  expect(stopped.verdict.summary).toContain("volumes");
});

test("issue 3: a server without network says so, and runs with network_mode bridge", async () => {
  test.setTimeout(150_000);
  const ended = await product.api.endedRun("offline", 60_000);
  expect(["package_failed", "handshake_failed"]).toContain(ended.verdict.kind);
  expect(ended.verdict.remedy).toContain("network_mode");
  expect(await doctor("offline", "--fix")).toContain("changed isolation.network_mode of offline");
  const { run } = await product.api.serverIn("offline", "ready", 90_000);
  expect(run).not.toBeNull();
  expect((await product.api.server("offline")).limits.network).toBe("bridge");
});

test("issue 4: an image that cannot be had is explained, in the server's log too", async () => {
  const { verdict } = await product.api.endedRun("no-image");
  expect(verdict.kind).toBe("image_failed");
  expect(verdict.summary).toContain("127.0.0.1:9/team/absent:1");
  const log = await product.home.readText(join(product.home.logDir, "server-no-image.log"));
  expect(log).toMatch(/pull|not found|cannot be reached/i);
  expect(await doctor("no-image")).toContain("PROBLEM 2. Container status");
  await changeIsolation("no-image", { image: testImage, pull_policy: "never" });
  await product.api.serverIn("no-image", "ready");
});

test("issue 5: an out-of-memory kill is found, its container is still there, and the raised limit holds", async () => {
  await product.api.serverIn("small", "ready");
  const session = await openMcpSession(product.mcpUrl("small"));
  await session.callTool("allocate", { megabytes: 100 });
  session.close();
  const { verdict, containerName } = await product.api.endedRun("small");
  expect(verdict.summary).toContain("Out of memory: killed at the 64 MiB limit");
  expect(await docker("ps", "-a", "--format", "{{.Names}} {{.Status}}")).toMatch(
    new RegExp(`${containerName ?? "missing"} Exited \\(137\\)`),
  );
  expect(await docker("inspect", containerName ?? "")).toMatch(/"OOMKilled": true/);
  const mended = await doctor("small", "--fix");
  expect(mended).toContain('set isolation.memory_limit to "128m"');
  expect(mended).toContain("small is ready");
  const again = await openMcpSession(product.mcpUrl("small"));
  expect((await again.callTool("allocate", { megabytes: 30 })).error).toBeUndefined();
  again.close();
});

test("a changed limit restarts just that server, with the reason", async () => {
  const others = await product.api.server("files");
  await changeIsolation("small", { memory_limit: "256m" });
  const ended = await until(
    "the run with the old limit has ended",
    async () => {
      const run = await product.api.endedRun("small");
      return run.verdict.summary.includes("256m") ? run : undefined;
    },
    { deadlineMs: 15_000 },
  );
  expect(ended.verdict.summary).toBe("Limit changed from 128m to 256m (memory_limit).");
  await product.api.serverIn("small", "ready");
  expect((await product.api.server("files")).run?.id).toBe(others.run?.id);
});

async function changeIsolation(server: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(`${product.proxy.url}/api/v1/servers/${server}/isolation`, {
    method: "PATCH",
    headers: { "x-api-key": product.proxy.apiKey, "content-type": "application/json" },
    body: JSON.stringify(patch),
  });
  expect(answer.status, await answer.text()).toBe(200);
}
