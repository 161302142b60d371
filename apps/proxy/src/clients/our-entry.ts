import type { JsonValue } from "@mcpproxy/config-schema/edit-config";
import type { ListenAddress } from "@mcpproxy/config-schema/listen-address";
import type { Client } from "./client.ts";
import { urlOf, type ClientEntry } from "./client-entry.ts";

/** How clients reach this MCPProxy. */
export interface OurProgram {
  readonly listen: ListenAddress;
  readonly nodePath: string;
  readonly scriptPath: string;
  /** Options that name other places than the usual ones; clients pass no environment on. */
  readonly pathArguments: readonly string[];
}

export type Transport = "http" | "stdio";

/** True for addresses that only this machine reaches; on others /mcp needs a key, which belongs in no client's file. */
export function isReachableWithoutKey({ host, port }: ListenAddress): boolean {
  return port !== 0 && (host === "localhost" || host === "::1" || host.startsWith("127."));
}

/** How the entry for all servers together is called; no server may have this name. */
export const allServersName = "mcpproxy";

/** The entry that connects a client to one server, or over HTTP to all of them. */
export function ourEntry(
  server: string,
  { client, transport, program }: { client: Client; transport: Transport; program: OurProgram },
): Readonly<Record<string, JsonValue>> {
  const type = client.hasTypes ? { type: transport } : {};
  if (transport === "http" && client.urlKey !== null) {
    const path = server === allServersName ? "/mcp" : `/mcp/${server}`;
    return { ...type, [client.urlKey]: baseUrl(program.listen) + path };
  }
  return {
    ...type,
    command: program.nodePath,
    args: [program.scriptPath, "stdio", server, ...program.pathArguments],
  };
}

/** True when a client's entry leads to MCPProxy, over HTTP or as a command. */
export function isOurEntry(entry: ClientEntry, program: OurProgram): boolean {
  return ourServerOf(entry, program) !== undefined;
}

/** The server of MCPProxy that a client's entry leads to; empty for all of them. */
export function ourServerOf(entry: ClientEntry, program: OurProgram): string | undefined {
  const url = urlOf(entry);
  if (url !== undefined) return serverOfUrl(url, program.listen);
  const words = [entry.command ?? "", ...(entry.args ?? [])];
  const at = words.findIndex((word) => /(?:^|[\\/])mcpproxy(?:\.mjs|\.cmd|\.exe)?$/.test(word));
  return at === -1 || words[at + 1] !== "stdio" ? undefined : (words[at + 2] ?? "");
}

function serverOfUrl(text: string, listen: ListenAddress): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { hostname, port, pathname } = new URL(text);
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname) && port === String(listen.port);
  const match = isHere ? /^\/mcp(?:\/([^/]*))?\/?$/.exec(pathname) : null;
  return match === null ? undefined : (match[1] ?? "");
}

function baseUrl({ host, port }: ListenAddress): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
