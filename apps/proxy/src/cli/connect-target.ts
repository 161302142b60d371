import { resolve } from "node:path";
import { AppError } from "../app-error.ts";
import { clientIds, clientOf, isClientId, type Client } from "../clients/client.ts";
import { clientLocations, type ClientLocation, type ClientPlaces } from "../clients/client-locations.ts";
import { readConfigFile, type ConfigSnapshot } from "../config/write-config.ts";

export interface TargetOptions {
  readonly file?: string;
  readonly project?: boolean;
}

/** The client and the file of it that is meant: --file, else the first that is there, else the usual one. */
export async function connectTarget(
  name: string,
  options: TargetOptions,
  places: ClientPlaces,
): Promise<{ readonly client: Client; readonly snapshot: ConfigSnapshot }> {
  if (!isClientId(name))
    throw new AppError("invalid_request", `"${name}" is no client MCPProxy knows. Known: ${clientIds.join(", ")}.`);
  const client = clientOf(name);
  if (options.file !== undefined)
    return { client, snapshot: await readConfigFile(resolve(places.workingDirectory, options.file)) };
  const scope = options.project === true ? "project" : "user";
  const locations = clientLocations(name, places).filter((location) => location.scope === scope);
  return { client, snapshot: await firstThere(locations, client) };
}

async function firstThere(locations: readonly ClientLocation[], client: Client): Promise<ConfigSnapshot> {
  const snapshots = await Promise.all(locations.map(({ path }) => readConfigFile(path)));
  const snapshot = snapshots.find(({ text }) => text !== undefined) ?? snapshots[0];
  if (snapshot === undefined)
    throw new AppError("invalid_request", `${client.title} has no file for single projects; leave --project out.`);
  return snapshot;
}
