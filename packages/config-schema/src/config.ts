import type * as z from "zod";
import { fromRawGlobalIsolation, fromRawServer, fromRawServerIsolation } from "./domain-values.ts";
import { dockerIsolationObject, namedServerObject, serverIsolationObject, settingsObject } from "./raw-config.ts";
import { fromRawRemote, namedRemoteObject, type RemoteTarget } from "./remote-server.ts";

const dockerIsolationSchema = dockerIsolationObject.transform(fromRawGlobalIsolation);
const serverIsolationSchema = serverIsolationObject.transform(fromRawServerIsolation);

/** Parses the file's global keys to domain values. */
export const settingsSchema = settingsObject
  .extend({ docker_isolation: dockerIsolationSchema.prefault({}) })
  .transform(({ listen, docker_isolation: dockerIsolation, history, limits }) => ({
    listen,
    dockerIsolation,
    history,
    limits,
  }));

/** Parses one entry of `mcpServers` to domain values. */
export const serverSchema = namedServerObject
  .extend({ isolation: serverIsolationSchema.prefault({}) })
  .transform(fromRawServer);

/** Parses one entry of `mcpServers` that has a url in place of a command. */
export const remoteServerSchema = namedRemoteObject.transform((raw) => {
  const server = fromRawRemote(raw);
  return { ...server, isolation: fromRawServerIsolation(server.isolation) };
});

/** What holds for all servers, with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type DockerIsolationSettings = z.output<typeof dockerIsolationSchema>;
/**
 * One configured server; absent isolation values come from the settings. With `remote` it is somewhere else, and nothing
 * is started: its command is its address as it may be shown.
 */
export type ServerConfig = z.output<typeof serverSchema> & { readonly remote?: RemoteTarget };
export type ServerIsolation = z.output<typeof serverIsolationSchema>;
export type { CaCertificates, Device, Tmpfs, Ulimit } from "./config-fields.ts";
export type { IsolationValues } from "./domain-values.ts";
export type { HealthCheckValues } from "./health-check-field.ts";
export type { HistoryValues } from "./history-field.ts";
export { defaultLimits, type LimitValues } from "./limits-field.ts";
export type { RemoteTarget } from "./remote-server.ts";
export type { RestartValues } from "./restart-field.ts";
