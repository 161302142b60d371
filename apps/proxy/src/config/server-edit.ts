import {
  configValueAt,
  editConfig,
  type ConfigEdit,
  type ConfigPath,
  type JsonValue,
} from "@mcpproxy/config-schema/edit-config";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import type { IsolationFix } from "@mcpproxy/core/plan/finding";
import { AppError } from "../app-error.ts";
import { placeOfServer } from "./server-place.ts";

/** One change of a server's `isolation`: a value to set, null to remove the key, or an item to add to a list. */
export type IsolationChange =
  | IsolationFix
  | { readonly key: string; readonly operation: "set"; readonly value: JsonValue }
  | { readonly key: string; readonly operation: "remove" };

/** What a person does to one server of the config file. */
export type ServerEdit =
  | { readonly kind: "isolation"; readonly server: string; readonly changes: readonly IsolationChange[] }
  | { readonly kind: "enabled"; readonly server: string; readonly isEnabled: boolean }
  | { readonly kind: "add"; readonly server: string; readonly entry: Readonly<Record<string, JsonValue>> };

/**
 * The text of the config with the edit made, comments and formatting kept.
 * Throws AppError config_error (with the place) when the result would not be valid, server_not_found.
 */
export function editServer(
  text: string,
  { edit, configPath }: { readonly edit: ServerEdit; readonly configPath: string },
): string {
  const edited = editConfig(text, editsOf(text, { edit, configPath }));
  if (!edited.ok) throw new AppError("config_error", `${configPath}: ${edited.problem} ${edited.remedy}`);
  refuseNewIssues(edited.value, { configPath, server: edit.server });
  return edited.value;
}

function editsOf(
  text: string,
  { edit, configPath }: { readonly edit: ServerEdit; readonly configPath: string },
): readonly ConfigEdit[] {
  const place = placeOfServer(text, edit.server);
  if (edit.kind === "add") {
    if (place !== undefined)
      throw new AppError("config_error", `A server called "${edit.server}" is already there. Choose another name.`);
    return [addition(text, edit)];
  }
  if (place === undefined)
    throw new AppError("server_not_found", `No server is called "${edit.server}" in ${configPath}.`);
  return edit.kind === "isolation"
    ? edit.changes.map((change) => isolationEdit([...place, "isolation"], change))
    : enabledEdits(place, { text, isEnabled: edit.isEnabled });
}

/** At the end of the list, or of the map where the file has one. */
function addition(text: string, { server, entry }: Extract<ServerEdit, { kind: "add" }>): ConfigEdit {
  const servers = configValueAt(text, ["mcpServers"]);
  const isMap = typeof servers === "object" && servers !== null && !Array.isArray(servers);
  return isMap
    ? { kind: "set", path: ["mcpServers", server], value: entry }
    : { kind: "insert", path: ["mcpServers"], value: { name: server, ...entry } };
}

function enabledEdits(
  place: ConfigPath,
  { text, isEnabled }: { readonly text: string; readonly isEnabled: boolean },
): readonly ConfigEdit[] {
  const has = (key: string): boolean => configValueAt(text, [...place, key]) !== undefined;
  const forget: readonly ConfigEdit[] = has("disabled") ? [{ kind: "remove", path: [...place, "disabled"] }] : [];
  // Enabled is what a server is that says nothing.
  if (isEnabled)
    return has("enabled") ? [...forget, { kind: "set", path: [...place, "enabled"], value: true }] : forget;
  return [...forget, { kind: "set", path: [...place, "enabled"], value: false }];
}

function isolationEdit(isolation: ConfigPath, change: IsolationChange): ConfigEdit {
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
