import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { AppError } from "../../app-error.ts";
import type { ApiContext } from "./context.ts";

/** The configured server of this name. Throws AppError server_not_found that names those there are. */
export function findServer(context: ApiContext, name: string): ServerRecord {
  const server = context.servers.find(name);
  if (server !== undefined) return server;
  const names = context.servers.list().map((one) => one.name);
  throw new AppError("server_not_found", `No server is called "${name}". Configured: ${names.join(", ") || "none"}.`);
}
