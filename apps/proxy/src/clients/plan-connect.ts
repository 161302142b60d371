import { isDeepStrictEqual } from "node:util";
import { editConfig, type ConfigPath, type JsonValue } from "@mcpproxy/config-schema/edit-config";
import { AppError } from "../app-error.ts";
import type { Client } from "./client.ts";
import { parseClientEntry } from "./client-entry.ts";
import type { ConnectionChange } from "./connection-record.ts";
import { allServersName, ourEntry, ourServerOf, type OurProgram, type Transport } from "./our-entry.ts";
import { isSameCommand } from "./plan-import.ts";
import { readClientEntries, type FoundEntry } from "./read-client-file.ts";
import { toServerName } from "./server-name.ts";
import { translateEntry } from "./translate-entry.ts";

/** A server of MCPProxy, as far as connecting it matters. */
export interface OfferedServer {
  readonly name: string;
  readonly command: string | undefined;
  /** Of a remote server. */
  readonly url?: string | undefined;
  readonly args: readonly string[];
  readonly isEnabled: boolean;
  /** Why it cannot run; null when it can. */
  readonly problem: string | null;
}

/** What happens with one entry of the client's file. */
export type ConnectItem =
  | {
      /** updated: an entry of MCPProxy that was out of date; replaced: the client's own for the same server. */
      readonly kind: "added" | "updated" | "replaced";
      readonly server: string;
      readonly path: ConfigPath;
      readonly value: JsonValue;
    }
  | { readonly kind: "same"; readonly server: string; readonly path: ConfigPath }
  | { readonly kind: "skipped"; readonly server: string; readonly reason: string };

export interface ConnectPlan {
  readonly items: readonly ConnectItem[];
  /** The client's file with the entries. */
  readonly text: string;
  readonly changes: readonly ConnectionChange[];
}

export interface ConnectRequest {
  readonly client: Client;
  readonly file: string;
  readonly text: string;
  readonly servers: readonly OfferedServer[];
  /** Every name in the config, also of servers that are not asked for. */
  readonly configuredNames: readonly string[];
  readonly transport: Transport;
  readonly program: OurProgram;
  readonly homeDirectory: string;
}

/** Settings of the user for an entry, which stay when the way to the server changes. */
const keptKeys = ["disabled", "alwaysAllow", "autoApprove", "disabledTools"];

/** Decides what connecting would do to a client's file, without doing it. Throws AppError config_error for a broken file. */
export function planConnect(request: ConnectRequest): ConnectPlan {
  const found = readClientEntries(request.text, { file: request.file, projectFolder: null }).filter(({ path }) =>
    isClientContainer(request.client, path),
  );
  const items = [
    ...request.servers.flatMap((server) => itemsFor(request, { server, found })),
    ...staleItems(request, found),
  ];
  const writes = items.filter((item) => "value" in item);
  const edited = editConfig(
    request.text,
    writes.map(({ path, value }) => ({ kind: "set", path, value })),
  );
  if (!edited.ok)
    throw new AppError("config_error", `${request.file} cannot be changed: ${edited.problem} ${edited.remedy}`);
  const changes = writes.map(({ kind, path, value }): ConnectionChange => ({
    path: [...path],
    kind: kind === "added" ? "added" : "replaced",
    written: jsonOf(value),
  }));
  return { items, text: writes.length === 0 ? request.text : edited.value, changes };
}

function isClientContainer(client: Client, path: ConfigPath): boolean {
  return path[0] === client.serversKey || path[0] === "projects";
}

function itemsFor(
  request: ConnectRequest,
  { server, found }: { server: OfferedServer; found: readonly FoundEntry[] },
): readonly ConnectItem[] {
  if (server.problem !== null) return [{ kind: "skipped", server: server.name, reason: server.problem }];
  const mine = found.filter((entry) => isAbout(request, { server, entry }));
  const shared = mine.filter(({ path }) => path[0] === request.client.serversKey);
  const inProjects = mine.filter((entry) => !shared.includes(entry));
  const forAll =
    shared.length > 0
      ? shared.map((entry) => itemForEntry(request, { server, entry }))
      : [addition(request, server.name)];
  // In a project only what the client would run itself matters: it wins over the entry for all projects.
  const forProjects = inProjects
    .map((entry) => itemForEntry(request, { server, entry }))
    .filter(({ kind }) => kind !== "skipped");
  return [...forAll, ...forProjects];
}

/** True for an entry of the server's name, and for one of MCPProxy that leads to it. */
function isAbout(
  { program }: ConnectRequest,
  { server, entry }: { server: OfferedServer; entry: FoundEntry },
): boolean {
  const parsed = parseClientEntry(entry.value);
  const target = parsed === undefined ? undefined : ourServerOf(parsed, program);
  if (target === undefined) return toServerName(entry.name) === server.name;
  return (target === "" ? allServersName : target) === server.name;
}

function addition(request: ConnectRequest, server: string): ConnectItem {
  return {
    kind: "added",
    server,
    path: [request.client.serversKey, server],
    value: ourEntry(server, request),
  };
}

function itemForEntry(
  request: ConnectRequest,
  { server, entry }: { server: OfferedServer; entry: FoundEntry },
): ConnectItem {
  const { path, value: current } = entry;
  const value = { ...ourEntry(server.name, request), ...keptSettings(current) };
  if (isDeepStrictEqual(current, value)) return { kind: "same", server: server.name, path };
  const parsed = parseClientEntry(current);
  if (parsed !== undefined && ourServerOf(parsed, request.program) !== undefined)
    return { kind: "updated", server: server.name, path, value };
  if (runsTheSame(request, { server, entry })) return { kind: "replaced", server: server.name, path, value };
  return {
    kind: "skipped",
    server: server.name,
    reason: `${request.client.title} has another server of its own under "${entry.name}", which stays. Rename one of them, or import that one: mcpproxy import ${request.client.id} --only ${JSON.stringify(entry.name)}`,
  };
}

function runsTheSame(
  { homeDirectory, program }: ConnectRequest,
  { server, entry }: { server: OfferedServer; entry: FoundEntry },
): boolean {
  const scope = { homeDirectory, projectFolder: entry.projectFolder, hasBareNames: true };
  const translated = translateEntry(entry, { scope, program });
  return translated.kind === "server" && isSameCommand(server, translated.draft);
}

function keptSettings(current: unknown): Readonly<Record<string, JsonValue>> {
  if (typeof current !== "object" || current === null) return {};
  return Object.fromEntries(
    Object.entries(current)
      .filter(([key]) => keptKeys.includes(key))
      .map(([key, value]) => [key, jsonOf(value)]),
  );
}

/** Entries of MCPProxy for servers that it no longer has; they stay, because a person may want them back. */
function staleItems(
  { configuredNames, program }: ConnectRequest,
  found: readonly FoundEntry[],
): readonly ConnectItem[] {
  return found.flatMap(({ name, value }): readonly ConnectItem[] => {
    const entry = parseClientEntry(value);
    const server = entry === undefined ? undefined : ourServerOf(entry, program);
    if (server === undefined || server === "" || server === allServersName) return [];
    if (configuredNames.includes(server)) return [];
    const reason = `The client's entry "${name}" leads to MCPProxy, which has no server "${server}" any more: remove it in the client.`;
    return [{ kind: "skipped", server, reason }];
  });
}

function jsonOf(value: unknown): ConnectionChange["written"] {
  return JSON.parse(JSON.stringify(value));
}
