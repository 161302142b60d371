import { expect, test } from "@playwright/test";
import { runListSchema, type Run } from "../harness/api-records.ts";
import { containersOf } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture, hostFixture } from "../harness/server-entries.ts";

const polite = containerFixture({ name: "polite" });
const stubborn = containerFixture({
  name: "stubborn",
  flags: ["--ignore-eof", "--ignore-sigterm"],
  isolation: { stop_timeout: "1s" },
});
const onHost = hostFixture({ name: "on-host" });
let product: Product;

test.beforeAll(async () => {
  product = await startProduct({ config: configOf([polite, stubborn, onHost]) });
});

test.afterAll(async () => product?.dispose());

test("Ctrl-C ends every run with a verdict and leaves no container running", async () => {
  for (const { name } of [polite, stubborn, onHost]) await product.api.serverIn(name, "ready");
  const session = await openMcpSession(product.mcpUrl("polite"));
  const waitingCall = session.callTool("sleep", { ms: 120_000 });

  const [{ code, output }, outcome] = await Promise.all([product.stop(), waitingCall.catch((error: unknown) => error)]);
  expect(code, output).toBe(0);
  expect(JSON.stringify(outcome)).not.toContain('"result"');
  expect(await containersOf({ instanceId: product.instanceId, which: "running" })).toEqual([]);

  const runs = await storedRuns();
  expect(runs.map(({ server }) => server).toSorted()).toEqual(["on-host", "polite", "stubborn"]);
  for (const run of runs)
    expect(run, run.server).toMatchObject({
      state: "ended",
      endedAt: expect.any(String),
      verdict: { summary: expect.any(String) },
    });
  expect(verdictOf(runs, "polite")?.kind).toBe("stopped_by_policy");
  expect(verdictOf(runs, "on-host")?.kind).toBe("stopped_by_policy");
  const killed = verdictOf(runs, "stubborn");
  expect(killed?.kind).toBe("stop_timeout");
  expect(JSON.stringify(killed)).toMatch(/SIGKILL|killed/i);
  session.close();
});

/** Read by the CLI while no proxy runs. */
async function storedRuns(): Promise<readonly Run[]> {
  const { exitCode, stdout, output } = await product.command("runs", "--json");
  expect(exitCode, output).toBe(0);
  return runListSchema.parse(JSON.parse(stdout));
}

function verdictOf(runs: readonly Run[], server: string) {
  return runs.find((run) => run.server === server)?.verdict ?? undefined;
}
