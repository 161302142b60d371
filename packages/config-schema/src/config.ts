import type * as z from "zod";
import { fromRawGlobalIsolation, fromRawServer, fromRawServerIsolation } from "./domain-values.ts";
import { dockerIsolationObject, namedServerObject, serverIsolationObject, settingsObject } from "./raw-config.ts";

const dockerIsolationSchema = dockerIsolationObject.transform(fromRawGlobalIsolation);
const serverIsolationSchema = serverIsolationObject.transform(fromRawServerIsolation);

/** Parses the file's global keys to domain values. */
export const settingsSchema = settingsObject
  .extend({ docker_isolation: dockerIsolationSchema.prefault({}) })
  .transform(({ listen, docker_isolation: dockerIsolation, history }) => ({ listen, dockerIsolation, history }));

/** Parses one entry of `mcpServers` to domain values. */
export const serverSchema = namedServerObject
  .extend({ isolation: serverIsolationSchema.prefault({}) })
  .transform(fromRawServer);

/** What holds for all servers, with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type DockerIsolationSettings = z.output<typeof dockerIsolationSchema>;
/** One configured server; absent isolation values come from the settings. */
export type ServerConfig = z.output<typeof serverSchema>;
export type ServerIsolation = z.output<typeof serverIsolationSchema>;
export type { CaCertificates, Device, Tmpfs, Ulimit } from "./config-fields.ts";
export type { IsolationValues } from "./domain-values.ts";
export type { HealthCheckValues } from "./health-check-field.ts";
export type { HistoryValues } from "./history-field.ts";
export type { RestartValues } from "./restart-field.ts";
