import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openService, type Service } from "../app/service.ts";
import { readEnvironment } from "../environment.ts";
import { resolvePaths, type Paths } from "../paths.ts";

/** The real reference server from npm, run by this Node on the host. */
export const everything = {
  name: "everything",
  command: process.execPath,
  args: [fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js")), "stdio"],
  isolation: { enabled: false },
};

export interface TestService extends AsyncDisposable {
  readonly service: Service;
  readonly paths: Paths;
  readonly url: string;
  readonly apiKey: string;
  /** Where its engine would be. */
  readonly dockerSocket: string;
  writeConfig(text: string): Promise<void>;
}

export interface TestServiceOptions {
  readonly dataDirName?: string;
  /** Environment variables beside HOME; without them its Docker socket does not exist. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A real service in a folder of its own, without an engine: its Docker socket does not exist. */
export async function startTestService(
  config: object | string,
  { dataDirName = "data", variables }: TestServiceOptions = {},
): Promise<TestService> {
  const home = await mkdtemp(join(tmpdir(), "mcpproxy-service-"));
  const dockerSocket = join(home, "docker.sock");
  const environment = readEnvironment({
    HOME: home,
    ...(variables ?? { DOCKER_HOST: `unix://${dockerSocket}` }),
  });
  const paths = resolvePaths(
    { config: join(home, "mcp_config.json"), dataDir: join(home, dataDirName), logDir: join(home, "logs") },
    environment,
    "linux",
  );
  const writeConfig = (text: string): Promise<void> => writeFile(paths.config, text);
  await writeConfig(typeof config === "string" ? config : JSON.stringify(config, undefined, 2));
  const service = await openService({
    paths,
    environment,
    platform: "linux",
    mainLogFileName: "main.log",
    listen: () => ({ host: "127.0.0.1", port: 0 }),
    dashboardUrl: "http://127.0.0.1:3000",
  });
  return {
    service,
    paths,
    url: service.url,
    dockerSocket,
    apiKey: (await readFile(paths.apiKey, "utf8")).trim(),
    writeConfig,
    async [Symbol.asyncDispose]() {
      await service.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
