import { join } from "node:path";
import { homeEnvironment } from "./command-line.ts";
import { startProcess, type ManagedProcess } from "./managed-process.ts";
import { repository } from "./repository.ts";
import type { TemporaryHome } from "./temporary-home.ts";
import { until } from "./until.ts";

const listeningLine = /^MCPProxy is listening on http:\/\/\S+$/m;

export interface ProxyRequest {
  readonly home: TemporaryHome;
  readonly ports: { readonly proxy: number; readonly web: number };
  /** "flags" names every path on the command line, "defaults" relies on HOME alone. */
  readonly paths: "flags" | "defaults";
}

/** A running `mcpproxy serve`. */
export interface ProxyProcess {
  readonly process: ManagedProcess;
  readonly url: string;
  readonly apiKey: string;
  readonly instanceId: string;
  /** From spawn to the line that says that it listens. */
  readonly listeningAfterMs: number;
}

/** Starts `mcpproxy serve` and waits until it listens. */
export async function startProxy({ home, ports, paths }: ProxyRequest): Promise<ProxyProcess> {
  const flags = ["--config", home.configPath, "--data-dir", home.dataDir, "--log-dir", home.logDir];
  const serve = startProcess({
    program: process.execPath,
    args: [
      repository.proxyProgram,
      "serve",
      ...(paths === "flags" ? flags : []),
      "--listen",
      `127.0.0.1:${ports.proxy}`,
    ],
    environment:
      paths === "flags" ? homeEnvironment(home, ports) : { HOME: home.directory, MCPPROXY_WEB_PORT: String(ports.web) },
  });
  try {
    await until("mcpproxy serve listens", () => serve.hasExited() || listeningLine.test(serve.stdout()), {
      deadlineMs: 20_000,
      intervalMs: 1,
    });
    if (serve.hasExited()) throw new Error("mcpproxy serve has exited");
    const listeningAfterMs = performance.timeOrigin + performance.now() - serve.spawnedAtMs;
    const apiKey = (await home.readText(join(home.dataDir, "api_key"))).trim();
    const instanceId = (await home.readText(join(home.dataDir, "instance_id"))).trim();
    return { process: serve, url: `http://127.0.0.1:${ports.proxy}`, apiKey, instanceId, listeningAfterMs };
  } catch (error) {
    await serve.stop("SIGTERM", 10_000);
    throw new Error(`mcpproxy serve did not start:\n${serve.output()}`, { cause: error });
  }
}
