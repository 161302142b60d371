import { resolve } from "node:path";
import { AppError } from "../app-error.ts";
import { readConfigFile } from "../config/write-config.ts";
import { clientIds, clientOf, isClientId } from "./client.ts";
import { clientLocations, type ClientPlaces } from "./client-locations.ts";
import { readClientEntries, type FoundEntry } from "./read-client-file.ts";

export interface FoundFiles {
  /** "Cursor", or the path of a file. */
  readonly title: string;
  readonly files: readonly string[];
  readonly entries: readonly FoundEntry[];
  /** True where ${NAME} means an environment variable. */
  readonly hasBareNames: boolean;
}

/** Reads the servers of a client from all its files, or of one file of any client. Throws AppError config_error. */
export async function findClientEntries(clientOrFile: string, places: ClientPlaces): Promise<FoundFiles> {
  return isClientId(clientOrFile) ? fromClient(clientOrFile, places) : fromFile(clientOrFile, places);
}

async function fromClient(id: (typeof clientIds)[number], places: ClientPlaces): Promise<FoundFiles> {
  const { title } = clientOf(id);
  const locations = clientLocations(id, places);
  const files = await Promise.all(
    locations.map(async ({ path, scope }) => ({ path, scope, text: (await readConfigFile(path)).text })),
  );
  const found = files.flatMap(({ path, scope, text }) => (text === undefined ? [] : [{ path, scope, text }]));
  if (found.length === 0) {
    const looked = locations.map(({ path }) => path).join(", ");
    throw new AppError(
      "config_error",
      `${title} has no servers here: there is no ${looked}. Name another file if you have one: mcpproxy import FILE`,
    );
  }
  const entries = found.flatMap(({ path, scope, text }) =>
    readClientEntries(text, { file: path, projectFolder: scope === "project" ? places.workingDirectory : null }),
  );
  return { title, files: found.map(({ path }) => path), entries, hasBareNames: id === "claude-code" };
}

async function fromFile(file: string, places: ClientPlaces): Promise<FoundFiles> {
  const path = resolve(places.workingDirectory, file);
  const { text } = await readConfigFile(path);
  if (text === undefined) {
    throw new AppError("config_error", `There is no file ${path}. Give a file, or one of ${clientIds.join(", ")}.`);
  }
  return {
    title: path,
    files: [path],
    entries: readClientEntries(text, { file: path, projectFolder: null }),
    hasBareNames: true,
  };
}
