import type * as z from "zod";
import type { dockerIsolationObject, namedServerObject, serverIsolationObject } from "./raw-config.ts";

type RawGlobalIsolation = z.output<typeof dockerIsolationObject>;
type RawServerIsolation = z.output<typeof serverIsolationObject>;
type ServerKey = "name" | "command" | "args" | "env" | "working_dir" | "cwd" | "enabled" | "disabled";
type RawServer<Isolation> = Pick<z.output<typeof namedServerObject>, ServerKey> & { readonly isolation: Isolation };

/** Gives the keys of `docker_isolation` the names and units of the domain. */
export function fromRawGlobalIsolation(raw: RawGlobalIsolation) {
  return {
    isEnabled: raw.enabled,
    memoryLimitBytes: raw.memory_limit,
    cpus: raw.cpu_limit,
    startTimeoutMs: raw.timeout,
    pullTimeoutMs: raw.pull_timeout,
    stopTimeoutMs: raw.stop_timeout,
    networkMode: raw.network_mode,
    defaultImages: raw.default_images,
    pidsLimit: raw.pids_limit,
    pullPolicy: raw.pull_policy,
    caCertificates: raw.ca_certificates,
    keepExited: raw.keep_exited,
    logDriver: raw.log_driver,
    logMaxSize: raw.log_max_size,
    logMaxFiles: raw.log_max_files,
  };
}

/** Gives the keys of a server's `isolation` the names and units of the domain. */
export function fromRawServerIsolation(raw: RawServerIsolation) {
  return {
    /** Undefined when the file does not say. */
    isEnabled: raw.enabled,
    image: raw.image,
    memoryLimitBytes: raw.memory_limit,
    cpus: raw.cpu_limit,
    startTimeoutMs: raw.timeout,
    pullTimeoutMs: raw.pull_timeout,
    stopTimeoutMs: raw.stop_timeout,
    networkMode: raw.network_mode,
    workingDir: raw.working_dir,
    volumes: raw.volumes ?? [],
    pidsLimit: raw.pids_limit,
    pullPolicy: raw.pull_policy,
    caCertificates: raw.ca_certificates,
    keepExited: raw.keep_exited,
    logDriver: raw.log_driver,
    logMaxSize: raw.log_max_size,
    logMaxFiles: raw.log_max_files,
  };
}

/** Gives the keys of one server the names of the domain. */
export function fromRawServer<Isolation>(raw: RawServer<Isolation>) {
  return {
    name: raw.name,
    command: raw.command,
    args: raw.args,
    env: raw.env,
    /** Working directory on the host, for direct runs. */
    workingDir: raw.working_dir ?? raw.cwd,
    isEnabled: raw.enabled && !raw.disabled,
    isolation: raw.isolation,
  };
}
