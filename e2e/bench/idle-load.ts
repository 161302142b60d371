import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { startProduct } from "../harness/product.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { allReady } from "./exit-storm.ts";
import { residentBytes } from "./resident-memory.ts";

/** What the proxy itself takes while servers wait in containers and nobody calls. */
export interface IdleLoad {
  readonly containers: number;
  readonly seconds: number;
  /** Highest of the readings. */
  readonly residentBytes: number;
  /** Share of one core, user and system together. */
  readonly cpuPercent: number;
}

export interface IdleLoadRequest {
  readonly containers: number;
  /** From the last start to the first reading: samples come every second in the first minute of a run. */
  readonly settleSeconds: number;
  readonly seconds: number;
}

/** Linux counts CPU time of processes in hundredths of a second. */
const ticksPerSecond = 100;

export async function measureIdleLoad({ containers, settleSeconds, seconds }: IdleLoadRequest): Promise<IdleLoad> {
  const servers = Array.from({ length: containers }, (_unused, index) =>
    containerFixture({ name: `idle-${index + 1}` }),
  );
  const product = await startProduct({ config: configOf(servers, { max_containers: containers }) });
  try {
    await allReady(product, containers);
    const { pid } = product.proxy.process;
    await delay(settleSeconds * 1_000);
    const before = cpuSeconds(pid);
    let highest = 0;
    for (let second = 0; second < seconds; second += 1) {
      highest = Math.max(highest, residentBytes(pid));
      await delay(1_000);
    }
    const cpuPercent = ((cpuSeconds(pid) - before) / seconds) * 100;
    return { containers, seconds, residentBytes: highest, cpuPercent };
  } finally {
    await product.dispose();
  }
}

/** CPU time of one process so far (Linux). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces; behind it, user and system time are the 12th and 13th field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
