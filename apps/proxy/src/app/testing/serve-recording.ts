import { readEnvironment } from "../../environment.ts";
import { resolvePaths } from "../../paths.ts";
import { stopSignal } from "../../cli/stop-signal.ts";
import type { Store } from "../../store/store.ts";
import { openService } from "../service.ts";

// A program for the benchmark: `serve` as it is, or with a history that takes no readings and no counts of calls.

const [configPath, home, recording] = process.argv.slice(2);
if (configPath === undefined || home === undefined || (recording !== "on" && recording !== "off"))
  throw new Error("Give a config file, a folder for everything else, and on or off.");
const environment = readEnvironment();
const service = await openService({
  paths: resolvePaths({ config: configPath, dataDir: home, logDir: home }, environment, process.platform),
  environment,
  platform: process.platform,
  mainLogFileName: "main.log",
  listen: () => ({ host: "127.0.0.1", port: 0 }),
  dashboardUrl: "http://127.0.0.1:3000",
});
if (recording === "off") recordNothing(service.core.store);
const stopped = stopSignal();
await service.startServers();
process.stdout.write(`listening on ${service.url}\n`);
await stopped;
await service.close();

/** Runs and their events stay: without them nothing would work. */
function recordNothing({ runs }: Store): void {
  const nothing: Pick<Store["runs"], "addSamples" | "putToolCalls"> = {
    addSamples: async () => undefined,
    putToolCalls: async () => undefined,
  };
  Object.assign(runs, nothing);
}
