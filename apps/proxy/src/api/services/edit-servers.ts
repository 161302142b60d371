import type { JsonValue } from "@mcpproxy/config-schema/edit-config";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { audit } from "./audit.ts";
import type { ApiContext } from "./context.ts";
import { findServer } from "./find-server.ts";

/** Writes `enabled` into the config file; a server that is switched off is stopped. */
export async function setServerEnabled(
  context: ApiContext,
  { name, isEnabled }: { readonly name: string; readonly isEnabled: boolean },
): Promise<ServerRecord> {
  const server = findServer(context, name).name;
  await context.servers.edit({ kind: "enabled", server, isEnabled });
  await audit(context, { action: isEnabled ? "enable" : "disable", server });
  return findServer(context, server);
}

/** Writes a new server into the config file; it starts as its settings say. */
export async function addServer(
  context: ApiContext,
  { name, entry }: { readonly name: string; readonly entry: Readonly<Record<string, JsonValue>> },
): Promise<ServerRecord> {
  await context.servers.edit({ kind: "add", server: name, entry });
  await audit(context, { action: "add-server", server: name });
  return findServer(context, name);
}
