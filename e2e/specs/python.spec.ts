import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { hasImage } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf } from "../harness/server-entries.ts";

const pythonImage = "mcpproxy-test/python:e2e";
const hostPython = "/usr/bin/python3";
let product: Product;

function pythonServer(name: string, memoryLimit: string) {
  return {
    name,
    command: "python3",
    args: ["/fixtures/mcp_fixture.py"],
    isolation: {
      image: pythonImage,
      pull_policy: "never",
      memory_limit: memoryLimit,
      volumes: [`${repository.fixtures}:/fixtures:ro`],
    },
  };
}

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([]) });
  if (!(await hasImage(pythonImage))) {
    const standardLibrary = execFileSync(hostPython, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]);
    const paths = [hostPython, standardLibrary.toString().trim()];
    const built = await product.command("images", "build-from-host", "--tag", pythonImage, "--with", ...paths);
    expect(built.exitCode, built.output).toBe(0);
  }
  // Saved while MCPProxy runs: it takes the servers over by itself.
  await product.home.writeConfig(configOf([pythonServer("polite", "128m"), pythonServer("hungry", "64m")]));
  for (const name of ["polite", "hungry"]) await product.api.serverIn(name, "ready");
});

test.afterAll(async () => product?.dispose());

test("a Python server answers, and its own MemoryError is told from the container's limit", async () => {
  const session = await openMcpSession(product.mcpUrl("polite"));
  expect(JSON.stringify((await session.callTool("echo", { message: "ssss" })).result)).toContain("ssss");
  const { error } = await session.callTool("memory_error", {});
  expect(error?.message).toContain("heap");
  expect((await product.api.endedRun("polite")).verdict).toMatchObject({ kind: "oom_heap" });
  session.close();
});

test("a Python server that needs more than its limit is out of memory", async () => {
  const session = await openMcpSession(product.mcpUrl("hungry"));
  const { error } = await session.callTool("allocate", { megabytes: 300 });
  expect(error?.message).toContain("Out of memory: killed at the 64 MiB limit");
  session.close();
});
