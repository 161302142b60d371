import { startProduct, type Product } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";
import { percentile } from "./series.ts";

/** From the request to stop a server that ends with its stdin to its verdict in the API, in milliseconds. */
export interface StopDelay {
  readonly stops: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

const name = "stopped";

export async function measureStops(stops: number): Promise<StopDelay> {
  const product = await startProduct({ config: configOf([containerFixture({ name })]) });
  try {
    const times: number[] = [];
    for (let count = 0; count < stops; count += 1) times.push(await stopOnce(product));
    const sorted = times.toSorted((one, other) => one - other);
    return { stops, medianMs: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
  } finally {
    await product.dispose();
  }
}

async function stopOnce({ api }: Product): Promise<number> {
  const { run } = await api.serverIn(name, "ready");
  if (run === null) throw new Error(`${name} is ready without a run`);
  const beganMs = performance.now();
  const asked = api.post(`/api/v1/servers/${name}/stop`);
  await until("the stopped run has a verdict", async () => (await api.run(run.id)).verdict !== null, {
    deadlineMs: 30_000,
    intervalMs: 5,
  });
  const tookMs = performance.now() - beganMs;
  await asked;
  await api.post(`/api/v1/servers/${name}/start`);
  return tookMs;
}
