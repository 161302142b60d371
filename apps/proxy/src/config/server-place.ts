import { configValueAt, type ConfigPath } from "@mcpproxy/config-schema/edit-config";

/** Where a server stands in the text of a config, in the list form or in the map form. */
export function placeOfServer(text: string, server: string): ConfigPath | undefined {
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
