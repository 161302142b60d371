import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where one test's MCPProxy keeps its files. Nothing of the real home directory is read or written. */
export interface TemporaryHome {
  readonly directory: string;
  readonly configPath: string;
  readonly dataDir: string;
  readonly logDir: string;
  readText(path: string): Promise<string>;
  writeConfig(config: unknown): Promise<void>;
  remove(): Promise<void>;
}

/** Makes an empty home with the default layout of Linux, so that flags and defaults can both be tested in it. */
export async function temporaryHome(): Promise<TemporaryHome> {
  const directory = await mkdtemp(join(tmpdir(), "mcpproxy-e2e-"));
  const configPath = join(directory, ".mcpproxy/mcp_config.json");
  return {
    directory,
    configPath,
    dataDir: join(directory, ".mcpproxy"),
    logDir: join(directory, ".local/state/mcpproxy/logs"),
    readText: (path) => readFile(path, "utf8"),
    async writeConfig(config) {
      await mkdir(join(directory, ".mcpproxy"), { recursive: true, mode: 0o700 });
      await writeFile(configPath, typeof config === "string" ? config : JSON.stringify(config, null, 2));
    },
    remove: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}
