import { configValueAt, type ConfigPath } from "@mcpproxy/config-schema/edit-config";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { AppError } from "../app-error.ts";

/** One server in a client's file. */
export interface FoundEntry {
  readonly name: string;
  readonly file: string;
  readonly path: ConfigPath;
  /** The folder it is for; null when it is for all. */
  readonly projectFolder: string | null;
  readonly value: unknown;
}

/** The servers in the text of any client's file. Throws AppError config_error when the text cannot be read. */
export function readClientEntries(
  text: string,
  { file, projectFolder }: { readonly file: string; readonly projectFolder: string | null },
): readonly FoundEntry[] {
  if (text.trim() === "") return [];
  refuseBrokenText(text, file);
  const root = configValueAt(text, []);
  return serverContainers(root).flatMap((container) =>
    entriesOf(valueAt(root, container.path)).map(({ key, name, value }) => ({
      name,
      file,
      path: [...container.path, key],
      projectFolder: container.projectFolder ?? projectFolder,
      value,
    })),
  );
}

interface Container {
  readonly path: readonly string[];
  readonly projectFolder: string | null;
}

/** Where servers stand: for all projects, then for single ones as Claude Code keeps them in the user's file. */
function serverContainers(root: unknown): readonly Container[] {
  const shared = [["mcpServers"], ["servers"], ["mcp", "servers"]].map((path) => ({ path, projectFolder: null }));
  const projects = Object.keys(recordOf(valueAt(root, ["projects"]))).map((folder) => ({
    path: ["projects", folder, "mcpServers"],
    projectFolder: folder,
  }));
  return [...shared, ...projects];
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    const record = recordOf(value);
    return Object.hasOwn(record, key) ? record[key] : undefined;
  }, root);
}

/** Throws AppError config_error with the place when a text is no JSON object. */
export function refuseBrokenText(text: string, file: string): void {
  const [issue] = parseConfig(text, file).issues;
  if (typeof configValueAt(text, []) === "object" || issue === undefined) return;
  throw new AppError("config_error", `${file}:${issue.line}:${issue.column} cannot be read: ${issue.message}`);
}

function entriesOf(container: unknown): readonly { key: string | number; name: string; value: unknown }[] {
  if (Array.isArray(container)) {
    return container.map((value: unknown, key) => {
      const { name } = recordOf(value);
      return { key, name: typeof name === "string" ? name : `server ${key + 1}`, value };
    });
  }
  return Object.entries(recordOf(container)).map(([key, value]) => ({ key, name: key, value }));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
