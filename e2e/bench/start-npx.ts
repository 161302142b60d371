import { startProduct, type Product } from "../harness/product.ts";
import { configOf, testImage } from "../harness/server-entries.ts";
import { until } from "../harness/until.ts";
import { percentile } from "./series.ts";

/** From the decision to start to the answer to MCP initialize, medians in milliseconds. */
export interface NpxStart {
  readonly hasCacheVolume: boolean;
  /** Nothing is downloaded yet. */
  readonly firstMs: number;
  /** The same server again, in a new container. */
  readonly secondMs: number;
}

const startDeadlineMs = 90_000;
const name = "memory";

/** A real server from the npm registry, with and without a cache volume in turns; each round on an empty volume. */
export async function measureNpxStarts(rounds: number): Promise<readonly NpxStart[]> {
  const kinds = [true, false].map(newKind);
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) {
      const { firstMs, secondMs } = await startTwice(kind.hasCacheVolume);
      kind.first.push(firstMs);
      kind.second.push(secondMs);
    }
  }
  return kinds.map(({ hasCacheVolume, first, second }) => ({
    hasCacheVolume,
    firstMs: median(first),
    secondMs: median(second),
  }));
}

function newKind(hasCacheVolume: boolean): { hasCacheVolume: boolean; first: number[]; second: number[] } {
  return { hasCacheVolume, first: [], second: [] };
}

async function startTwice(hasCacheVolume: boolean): Promise<Pick<NpxStart, "firstMs" | "secondMs">> {
  const isolation = { image: testImage, pull_policy: "never", enable_cache_volume: hasCacheVolume, timeout: "60s" };
  const server = { name, command: "npx", args: ["-y", "@modelcontextprotocol/server-memory"], isolation };
  const product = await startProduct({ config: configOf([server]) });
  try {
    const first = await readyRun(product, "");
    await product.api.post(`/api/v1/servers/${name}/restart`);
    const second = await readyRun(product, first.id);
    return { firstMs: first.readyAfterMs, secondMs: second.readyAfterMs };
  } finally {
    await product.dispose();
  }
}

async function readyRun({ api }: Product, formerRun: string): Promise<{ id: string; readyAfterMs: number }> {
  const run = await until(
    `a new run of ${name} is ready`,
    async () => {
      const [newest] = await api.runs({ server: name, limit: "1" });
      if (newest?.verdict && newest.id !== formerRun)
        throw new Error([newest.verdict.summary, ...newest.stderrTail.slice(-5)].join("\n"));
      return newest !== undefined && newest.id !== formerRun && newest.readyAt !== null && newest;
    },
    { deadlineMs: startDeadlineMs, intervalMs: 50 },
  );
  return { id: run.id, readyAfterMs: Date.parse(run.readyAt ?? "") - Date.parse(run.startedAt) };
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((one, other) => one - other),
    50,
  );
}
