import { createApiClient, type ApiClient } from "./api-client.ts";
import { homeEnvironment, runCommand, type CommandOutcome } from "./command-line.ts";
import { startDashboard, type DashboardProcess } from "./dashboard-process.ts";
import { removeContainersOf } from "./docker.ts";
import { freePort } from "./free-port.ts";
import type { ProcessExit } from "./managed-process.ts";
import { startProxy, type ProxyProcess } from "./proxy-process.ts";
import { temporaryHome, type TemporaryHome } from "./temporary-home.ts";

export interface ProductOptions {
  /** An object, or the text of the file; without it `serve` writes its first config. */
  readonly config?: unknown;
  readonly dashboard?: "none" | "started";
  /** To start on files that exist, for example those of an earlier product. */
  readonly home?: TemporaryHome;
  /** How `serve` learns where its files are: from flags, or from HOME alone. */
  readonly paths?: "flags" | "defaults";
}

/** A real proxy, and a real dashboard if asked for, with files of their own. */
export interface Product {
  readonly home: TemporaryHome;
  readonly proxy: ProxyProcess;
  readonly api: ApiClient;
  readonly instanceId: string;
  readonly webUrl: string;
  readonly dashboardOutput: () => string;
  mcpUrl(server: string): string;
  /** The variables with which `mcpproxy` commands find this product. */
  readonly environment: Readonly<Record<string, string>>;
  command(...args: readonly string[]): Promise<CommandOutcome>;
  /** A new link that logs a browser in, once. */
  loginUrl(): Promise<string>;
  /** Ctrl-C, then the end of both processes; files and kept containers stay. */
  stop(): Promise<ProcessExit & { readonly output: string }>;
  /** `stop`, then removes this instance's containers and files. */
  dispose(): Promise<void>;
}

/** Starts the product for one test. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  if (options.home !== undefined) return startIn(options.home, options);
  const home = await temporaryHome();
  return startIn(home, options).catch(async (error: unknown) => {
    await home.remove();
    throw error;
  });
}

async function startIn(
  home: TemporaryHome,
  { config, dashboard = "none", paths = "flags" }: ProductOptions,
): Promise<Product> {
  if (config !== undefined) await home.writeConfig(config);
  const ports = { proxy: await freePort(), web: await freePort() };
  const proxy = await startProxy({ home, ports, paths });
  const web = dashboard === "started" ? await startDashboardOf({ proxy, port: ports.web }) : undefined;
  return assemble({
    home,
    proxy,
    web,
    environment: homeEnvironment(home, ports),
    webUrl: `http://127.0.0.1:${ports.web}`,
  });
}

async function startDashboardOf({
  proxy,
  port,
}: {
  readonly proxy: ProxyProcess;
  readonly port: number;
}): Promise<DashboardProcess> {
  try {
    return await startDashboard({ proxyUrl: proxy.url, port });
  } catch (error) {
    await proxy.process.stop("SIGINT", 30_000);
    throw error;
  }
}

interface Parts {
  readonly home: TemporaryHome;
  readonly proxy: ProxyProcess;
  readonly web: DashboardProcess | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly webUrl: string;
}

function assemble({ home, proxy, web, environment, webUrl }: Parts): Product {
  const command = (...args: readonly string[]) => runCommand(args, environment);
  const stop = async () => {
    const exit = await proxy.process.stop("SIGINT", 60_000);
    await web?.process.stop("SIGTERM", 5_000);
    return { ...exit, output: proxy.process.output() };
  };
  return {
    home,
    proxy,
    api: createApiClient(proxy),
    instanceId: proxy.instanceId,
    webUrl,
    dashboardOutput: () => web?.process.output() ?? "",
    mcpUrl: (server) => `${proxy.url}/mcp/${server}`,
    environment,
    command,
    async loginUrl() {
      const { exitCode, stdout, output } = await command("login");
      if (exitCode !== 0) throw new Error(`mcpproxy login failed with ${exitCode}:\n${output}`);
      return stdout.trim();
    },
    stop,
    async dispose() {
      const { code, signal, output } = await stop();
      await removeContainersOf(proxy.instanceId);
      await home.remove();
      if (code !== 0) throw new Error(`mcpproxy serve ended with ${signal ?? `code ${code}`}:\n${output}`);
    },
  };
}
