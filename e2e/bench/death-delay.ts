import { docker } from "../harness/docker.ts";
import { openMcpSession } from "../harness/mcp-http-client.ts";
import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";

/** From the engine's `die` event to what people and clients see, in milliseconds. */
export interface DeathDelay {
  readonly clientErrorMs: number;
  readonly endedRowMs: number;
}

const now = () => performance.timeOrigin + performance.now();

/** Lets containers die of their memory limit, one server per repetition so that no restart is in the way. */
export async function measureDeathDelays(repetitions: number): Promise<readonly DeathDelay[]> {
  const names = Array.from({ length: repetitions }, (_, index) => `victim-${index + 1}`);
  const product = await startProduct({
    config: configOf(names.map((name) => containerFixture({ name, isolation: { memory_limit: "64m" } }))),
  });
  try {
    const delays: DeathDelay[] = [];
    for (const name of names) delays.push(await measureDeath(product, name));
    return delays;
  } finally {
    await product.dispose();
  }
}

async function measureDeath(product: Product, name: string): Promise<DeathDelay> {
  const { run } = await product.api.serverIn(name, "ready");
  if (run === null || run.containerId === null) throw new Error(`${name} is ready without a container`);
  const session = await openMcpSession(product.mcpUrl(name));
  const since = Math.floor(now() / 1000);
  const answered = session.callTool("allocate", { megabytes: 200 }).then(() => now());
  const rowAt = until("the run has ended in the API", async () => (await product.api.run(run.id)).verdict !== null, {
    deadlineMs: 15_000,
    intervalMs: 5,
  }).then(now);
  const [clientAt, endedAt] = await Promise.all([answered, rowAt]);
  session.close();
  const diedAt = await dieTime(run.containerId, since);
  return { clientErrorMs: clientAt - diedAt, endedRowMs: endedAt - diedAt };
}

async function dieTime(containerId: string, since: number): Promise<number> {
  const untilSecond = String(Math.ceil(now() / 1000) + 1);
  const nanoseconds = await docker(
    "events",
    "--since",
    String(since),
    "--until",
    untilSecond,
    "--filter",
    `container=${containerId}`,
    "--filter",
    "event=die",
    "--format",
    "{{.TimeNano}}",
  );
  return Number(nanoseconds.split("\n")[0]) / 1e6;
}
