import type { ServerRecord } from "@mcpproxy/core/run/server-record";

/** The list with one server replaced where it stands, or added at the end. */
export function patchServerList<S extends Pick<ServerRecord, "name">>(servers: readonly S[], changed: S): S[] {
  const isKnown = servers.some((server) => server.name === changed.name);
  return isKnown ? servers.map((server) => (server.name === changed.name ? changed : server)) : [...servers, changed];
}

/** The list without the named server. */
export function removeServer<S extends Pick<ServerRecord, "name">>(servers: readonly S[], name: string): S[] {
  return servers.filter((server) => server.name !== name);
}
