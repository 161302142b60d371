import { expect, test } from "@playwright/test";
import { containersOf, docker } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct } from "../harness/product.ts";
import { configOf, containerFixture, hostFixture, testImage } from "../harness/server-entries.ts";

test("after kill -9 the next start closes what was left, and touches nothing of others", async () => {
  const config = configOf([containerFixture({ name: "survivor" }), hostFixture({ name: "on-host" })]);
  const first = await startProduct({ config });
  const left = await first.api.serverIn("survivor", "ready");
  const leftOnHost = await first.api.serverIn("on-host", "ready");
  // Somebody else's container, whose name only looks like one of ours.
  const stranger = await docker(
    "run",
    "-d",
    "--network",
    "none",
    "--name",
    "mcpproxy-survivor-zzzz",
    testImage,
    "sleep",
    "300",
  );
  try {
    await first.proxy.process.stop("SIGKILL", 5_000);

    const second = await startProduct({ home: first.home });
    const { run } = await second.api.serverIn("survivor", "ready");
    expect(run?.id).not.toBe(left.run?.id);
    for (const id of [left.run?.id ?? "", leftOnHost.run?.id ?? ""]) {
      const closed = await second.api.run(id);
      expect(closed, closed.server).toMatchObject({ state: "ended", verdict: { summary: expect.any(String) } });
      expect(closed.verdict?.kind, closed.server).not.toBe("completed");
    }
    const running = await containersOf({ instanceId: second.instanceId, which: "running" });
    expect(running).toHaveLength(1);
    const session = await openMcpSession(second.mcpUrl("survivor"));
    expect(JSON.stringify((await session.callTool("echo", { message: "here again" })).result)).toContain("here again");
    session.close();
    expect(await docker("inspect", "--format", "{{.State.Running}}", stranger)).toBe("true");
    await second.dispose();
  } finally {
    await docker("rm", "--force", stranger);
  }
});
