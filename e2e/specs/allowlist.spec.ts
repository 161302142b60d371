import { expect, test } from "@playwright/test";
import { containersOf, docker } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

/** `network_mode: "allowlist"` through the whole product: a real npm server under the strict preset gets out to its registry only. */
let product: Product;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const allowlist = { network_mode: "allowlist", allow_hosts: ["registry.npmjs.org"] };
  product = await startProduct({
    config: configOf([
      {
        name: "npm-server",
        command: "npx",
        args: ["-y", "@modelcontextprotocol/server-memory"],
        isolation: { preset: "strict", pull_policy: "never", timeout: "90s", ...allowlist },
      },
      containerFixture({ name: "prober", isolation: allowlist }),
    ]),
  });
});

test.afterAll(async () => {
  const { instanceId } = product;
  await product.dispose();
  expect(await docker("network", "ls", "-q", "--filter", `label=com.mcpproxy.instance=${instanceId}`)).toBe("");
});

test("a strict npm server downloads itself through the filter and answers", async () => {
  test.setTimeout(120_000);
  await product.api.serverIn("npm-server", "ready", 100_000);
  const session = await openMcpSession(product.mcpUrl("npm-server"));
  const { result } = await session.request("tools/list");
  expect(JSON.stringify(result)).toContain("create_entities");
  session.close();
});

test("another host is refused, and the run says which", async () => {
  const { run } = await product.api.serverIn("prober", "ready");
  const session = await openMcpSession(product.mcpUrl("prober"));
  const answer = await session.callTool("connect", { host: "example.com", port: 443 });
  expect(JSON.stringify(answer)).toContain("403");
  session.close();
  const denied = await until("the run has the refusal", async () =>
    (await product.api.runEvents(run?.id ?? "")).find(({ kind }) => kind === "egress-denied"),
  );
  expect(denied.message).toContain("example.com:443 is not in allow_hosts");
});

test("nothing gets out beside the filter", async () => {
  const session = await openMcpSession(product.mcpUrl("prober"));
  const answer = await session.callTool("connect_directly", { host: "1.1.1.1", port: 443 });
  expect(JSON.stringify(answer)).toMatch(/ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|timed out/);
  session.close();
});

test("the printed docker command names the network behind the filter", async () => {
  const [id] = await containersOf({ instanceId: product.instanceId, server: "prober", which: "running" });
  const { run } = await product.api.server("prober");
  const { dockerRunArgs } = await product.api.run(run?.id ?? "");
  expect(dockerRunArgs).toContain(`--network=mcpproxy-egress-${product.instanceId}`);
  expect(await docker("inspect", "--format", "{{.HostConfig.NetworkMode}}", id ?? "")).toBe(
    `mcpproxy-egress-${product.instanceId}`,
  );
});
