import type * as z from "zod";
import { extraValues } from "./extra-args.ts";
import type { isolationShape } from "./isolation-shape.ts";
import type { dockerIsolationObject, namedServerObject, serverIsolationObject } from "./raw-config.ts";

type RawIsolation = z.output<z.ZodObject<typeof isolationShape>>;
type RawGlobalIsolation = z.output<typeof dockerIsolationObject>;
type RawServerIsolation = z.output<typeof serverIsolationObject>;
type ServerKey = "name" | "command" | "args" | "env" | "working_dir" | "cwd" | "enabled" | "disabled" | "tools";
type RawServer<Isolation> = Pick<z.output<typeof namedServerObject>, ServerKey> & { readonly isolation: Isolation };

/** Gives the keys that both levels share the names and units of the domain; undefined where the file is silent. */
function isolationValues(raw: RawIsolation) {
  const all = { ...raw, ...extraValues(raw.extra_args) };
  return {
    preset: all.preset,
    memoryLimitBytes: all.memory_limit,
    memorySwapBytes: all.memory_swap,
    cpus: all.cpu_limit,
    pidsLimit: all.pids_limit,
    ulimits: all.ulimits,
    shmBytes: all.shm_size,
    startTimeoutMs: all.timeout,
    pullTimeoutMs: all.pull_timeout,
    stopTimeoutMs: all.stop_timeout,
    start: all.start,
    idleTimeoutMs: all.idle_timeout,
    healthCheck: all.health_check,
    restart: all.restart,
    scope: all.scope,
    maxSessions: all.max_sessions,
    networkMode: all.network_mode,
    allowHosts: all.allow_hosts,
    dns: all.dns,
    extraHosts: all.extra_hosts,
    isReadOnlyRoot: all.read_only,
    tmpfs: all.tmpfs,
    user: all.user,
    capDrop: all.cap_drop,
    capAdd: all.cap_add,
    securityOpt: all.security_opt,
    hasInit: all.init,
    ociRuntime: all.runtime,
    devices: all.devices,
    pullPolicy: all.pull_policy,
    registry: all.registry,
    platform: all.platform,
    caCertificates: all.ca_certificates,
    hasCacheVolume: all.enable_cache_volume,
    keepExited: all.keep_exited,
    logDriver: all.log_driver,
    logMaxSize: all.log_max_size,
    logMaxFiles: all.log_max_files,
    allowsDangerousMounts: all.allow_dangerous_mounts,
    dockerContext: all.docker_context,
    dockerHost: all.docker_host,
  };
}

/** What one level of the configuration says about isolation; undefined where it is silent. */
export type IsolationValues = Readonly<ReturnType<typeof isolationValues>>;

/** Gives the keys of `docker_isolation` the names and units of the domain. */
export function fromRawGlobalIsolation(raw: RawGlobalIsolation) {
  return {
    isEnabled: raw.enabled,
    defaultImages: raw.default_images,
    maxColdStarts: raw.max_cold_starts,
    maxContainers: raw.max_containers,
    /** What no server exceeds. */
    ceilings: {
      memoryLimitBytes: raw.max_memory_limit,
      cpus: raw.max_cpu_limit,
      pidsLimit: raw.max_pids_limit,
      shmBytes: raw.max_shm_size,
    },
    ...isolationValues(raw),
  };
}

/** Gives the keys of a server's `isolation` the names and units of the domain. */
export function fromRawServerIsolation(raw: RawServerIsolation) {
  const extra = extraValues(raw.extra_args);
  return {
    /** Undefined when the file does not say. */
    isEnabled: raw.enabled,
    image: raw.image,
    workingDir: raw.working_dir ?? extra.working_dir,
    volumes: raw.volumes ?? extra.volumes ?? [],
    ...isolationValues(raw),
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
    /** Which tools clients see; undefined for all. */
    tools: raw.tools,
    isolation: raw.isolation,
  };
}
