import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { firstConfigText } from "@mcpproxy/config-schema/first-config";
import { parseConfig, type ParsedConfig } from "@mcpproxy/config-schema/parse-config";

/** Writes the first config where there is none. True when it did. */
export async function createFirstConfig(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, firstConfigText(), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Reads and parses the config; a file that cannot be read is an issue like any other. */
export async function loadConfig(path: string): Promise<ParsedConfig> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return unreadable(path, error);
  }
  return parseConfig(text, path);
}

function unreadable(file: string, error: unknown): ParsedConfig {
  const reason = error instanceof Error ? error.message : String(error);
  const issue = {
    file,
    path: "",
    line: 1,
    column: 1,
    server: null,
    message: `The config file cannot be read: ${reason}`,
    remedy: "Create it (`mcpproxy serve` writes a first one), or name another with --config.",
  };
  return { settings: undefined, servers: [], issues: [issue], warnings: [] };
}
