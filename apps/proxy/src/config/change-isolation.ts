import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import {
  configValueAt,
  editConfig,
  type ConfigEdit,
  type ConfigPath,
  type JsonValue,
} from "@mcpproxy/config-schema/edit-config";
import type { IsolationFix } from "@mcpproxy/core/plan/finding";
import { AppError } from "../app-error.ts";
import { editInTurn } from "./edit-in-turn.ts";
import { readConfigFile, replaceConfig } from "./write-config.ts";

/** One change of a server's `isolation`: a value to set, null to remove the key, or an item to add to a list. */
export type IsolationChange =
  | IsolationFix
  | { readonly key: string; readonly operation: "set"; readonly value: JsonValue }
  | { readonly key: string; readonly operation: "remove" };

/**
 * Changes the `isolation` of one server in the config file, with comments and formatting kept. The file is only written
 * when the result is valid. Throws AppError config_error (with the place), config_changed, server_not_found.
 */
export function changeIsolation(configPath: string, change: ServerChange): Promise<void> {
  return editInTurn(configPath, () => changeNow(configPath, change));
}

interface ServerChange {
  readonly server: string;
  readonly changes: readonly IsolationChange[];
}

async function changeNow(configPath: string, { server, changes }: ServerChange): Promise<void> {
  const snapshot = await readConfigFile(configPath);
  const text = snapshot.text ?? "";
  const entry = pathOfServer(text, server);
  if (entry === undefined) throw new AppError("server_not_found", `No server is called "${server}" in ${configPath}.`);
  const edited = editConfig(
    text,
    changes.map((change) => toEdit([...entry, "isolation"], change)),
  );
  if (!edited.ok) throw new AppError("config_error", `${configPath}: ${edited.problem} ${edited.remedy}`);
  refuseNewIssues(edited.value, { configPath, server });
  if (edited.value !== text) await replaceConfig(snapshot, edited.value);
}

function toEdit(isolation: ConfigPath, change: IsolationChange): ConfigEdit {
  const path = [...isolation, change.key];
  switch (change.operation) {
    case "set":
      return { kind: "set", path, value: change.value };
    case "append":
      return { kind: "insert", path, value: change.value };
    case "remove":
      return { kind: "remove", path };
    default:
      return change satisfies never;
  }
}

/** Where a server stands, in the list form or in the map form. */
function pathOfServer(text: string, server: string): ConfigPath | undefined {
  const servers = configValueAt(text, ["mcpServers"]);
  if (Array.isArray(servers)) {
    const index = servers.findIndex((entry: unknown) => isNamed(entry, server));
    return index === -1 ? undefined : ["mcpServers", index];
  }
  const isKnown = typeof servers === "object" && servers !== null && Object.hasOwn(servers, server);
  return isKnown ? ["mcpServers", server] : undefined;
}

function isNamed(entry: unknown, name: string): boolean {
  return typeof entry === "object" && entry !== null && "name" in entry && entry.name === name;
}

function refuseNewIssues(
  text: string,
  { configPath, server }: { readonly configPath: string; readonly server: string },
): void {
  const config = parseConfig(text, configPath);
  const entry = config.servers.find(({ name }) => name === server);
  const issues = [...config.issues, ...(entry === undefined || entry.ok ? [] : entry.issues)];
  const [issue] = issues;
  if (issue === undefined) return;
  const remedy = issue.remedy === null ? "" : ` ${issue.remedy}`;
  throw new AppError("config_error", `The file was not changed: ${issue.path}: ${issue.message}${remedy}`);
}
