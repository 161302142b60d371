import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import type { IsolationChange } from "../../config/server-edit.ts";
import { audit } from "./audit.ts";
import type { ApiContext } from "./context.ts";
import { findServer } from "./find-server.ts";

interface ActionOnServer {
  readonly name: string;
  readonly note?: string | undefined;
}

/** Decides a start; does not wait until the server is ready. */
export async function startServer(context: ApiContext, { name }: ActionOnServer): Promise<ServerRecord> {
  const server = findServer(context, name).name;
  context.servers.start(server);
  await audit(context, { action: "start", server });
  return findServer(context, server);
}

/** Resolves when the run has its verdict. */
export async function stopServer(context: ApiContext, { name, note }: ActionOnServer): Promise<ServerRecord> {
  const server = findServer(context, name).name;
  await context.servers.stop(server, { actor: context.actor, note });
  await audit(context, { action: "stop", server, detail: note });
  return findServer(context, server);
}

export async function restartServer(context: ApiContext, { name, note }: ActionOnServer): Promise<ServerRecord> {
  const server = findServer(context, name).name;
  await context.servers.restart(server, { actor: context.actor, note });
  await audit(context, { action: "restart", server, detail: note });
  return findServer(context, server);
}

/** Changes the server's isolation in the config file. */
export async function changeServerIsolation(
  context: ApiContext,
  { name, changes }: { readonly name: string; readonly changes: readonly IsolationChange[] },
): Promise<void> {
  const server = findServer(context, name).name;
  await context.servers.edit({ kind: "isolation", server, changes });
  await audit(context, { action: "change-isolation", server, detail: changes.map(describeChange).join(", ") });
}

function describeChange(change: IsolationChange): string {
  // People do put secrets into arguments.
  if (change.key === "extra_args") return "extra_args changed";
  switch (change.operation) {
    case "set":
      return `${change.key} = ${JSON.stringify(change.value)}`;
    case "append":
      return `${change.key} + ${JSON.stringify(change.value)}`;
    case "remove":
      return `${change.key} removed`;
    default:
      return change satisfies never;
  }
}
