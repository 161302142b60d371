import { expect, test } from "@playwright/test";
import { containersOf } from "../harness/docker.ts";
import { startProduct } from "../harness/product.ts";
import { connectOverStdio } from "../harness/sdk-clients.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

test("`mcpproxy stdio` without a running service runs the server itself, and leaves nothing behind", async () => {
  const product = await startProduct({ config: configOf([containerFixture({ name: "alone" })]) });
  await product.api.serverIn("alone", "ready");
  await product.stop();
  try {
    const client = await connectOverStdio(product, "alone");
    const answer = await client.callTool({ name: "echo", arguments: { message: "by myself" } });
    expect(JSON.stringify(answer.content)).toContain("by myself");
    expect(await containersOf({ instanceId: product.instanceId, which: "running" })).toHaveLength(1);
    await client.close();
    await until("its container is gone", async () => {
      const running = await containersOf({ instanceId: product.instanceId, which: "running" });
      return running.length === 0;
    });
    const { stdout } = await product.command("runs", "--server", "alone", "--json");
    const kinds = JSON.parse(stdout).runs.map((run: { verdict: { kind: string } | null }) => run.verdict?.kind);
    expect(kinds).toEqual(["stopped_by_policy", "stopped_by_policy"]);
  } finally {
    await product.dispose();
  }
});
