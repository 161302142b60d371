import { startProduct } from "../harness/product.ts";
import { configOf, hostFixture } from "../harness/server-entries.ts";
import { httpCallers } from "./http-callers.ts";
import { residentBytes } from "./resident-memory.ts";
import { callEcho } from "./series.ts";

/** Resident memory of the proxy after so many calls. */
export interface MemoryReading {
  readonly calls: number;
  readonly residentBytes: number;
}

/** A tenth of the calls between two readings, from 32 callers. The first tenth is the warming up. */
export async function measureMemoryOverCalls(calls: number): Promise<readonly MemoryReading[]> {
  const product = await startProduct({ config: configOf([hostFixture({ name: "bench" })]) });
  const readings: MemoryReading[] = [];
  try {
    await product.api.serverIn("bench", "ready");
    const callers = await httpCallers({ url: product.mcpUrl("bench"), count: 32 });
    for (let done = 0; done < calls;) {
      const { latencies } = await callEcho({ callers, calls: calls / 10, deadlineMs: 120_000 });
      done += latencies.length;
      readings.push({ calls: done, residentBytes: residentBytes(product.proxy.process.pid) });
    }
    for (const caller of callers) await caller.close();
  } finally {
    await product.dispose();
  }
  return readings;
}
