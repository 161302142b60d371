import { freePort } from "../harness/free-port.ts";
import { startProxy } from "../harness/proxy-process.ts";
import { configOf } from "../harness/server-entries.ts";
import { temporaryHome, type TemporaryHome } from "../harness/temporary-home.ts";
import { percentile } from "./series.ts";

/** Median time from the spawn of `mcpproxy serve` (no servers, existing database after the first) to its listening line. */
export async function measureStartUp(repetitions: number): Promise<number> {
  const home = await temporaryHome();
  try {
    await home.writeConfig(configOf([]));
    const times: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition += 1) times.push(await startOnce(home));
    return percentile(
      times.toSorted((a, b) => a - b),
      50,
    );
  } finally {
    await home.remove();
  }
}

async function startOnce(home: TemporaryHome): Promise<number> {
  const proxy = await startProxy({ home, ports: { proxy: await freePort(), web: await freePort() }, paths: "flags" });
  await proxy.process.stop("SIGINT", 20_000);
  return proxy.listeningAfterMs;
}
