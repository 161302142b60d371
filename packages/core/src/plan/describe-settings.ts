import type {
  HealthCheckValues,
  IsolationValues,
  RestartValues,
  ServerConfig,
  Settings,
} from "@mcpproxy/config-schema/config";
import { formatDuration } from "../format/duration.ts";
import { dockerSize } from "../format/docker-size.ts";
import { effectiveSwap } from "./effective-swap.ts";
import { effectiveSettings, settingNames, type SettingSource } from "./effective-settings.ts";

/** One setting of a server for people: what the file says on both levels, and what holds. */
export interface SettingDescription {
  /** The key in the config file. */
  readonly key: string;
  readonly server: string | null;
  readonly global: string | null;
  /** Null where nothing is set and the engine decides. */
  readonly effective: string | null;
  readonly source: SettingSource;
}

type SettingName = keyof IsolationValues;

/** The key of each setting in the config file, and how its value is written there. */
const keys: Readonly<Record<SettingName, readonly [key: string, write?: (value: never) => string]>> = {
  preset: ["preset"],
  memoryLimitBytes: ["memory_limit", dockerSize],
  memorySwapBytes: ["memory_swap", dockerSize],
  cpus: ["cpu_limit"],
  pidsLimit: ["pids_limit"],
  ulimits: ["ulimits", writeUlimits],
  shmBytes: ["shm_size", dockerSize],
  start: ["start"],
  idleTimeoutMs: ["idle_timeout", writeDurationOrOff],
  healthCheck: ["health_check", writeHealthCheck],
  restart: ["restart", writeRestart],
  scope: ["scope"],
  maxSessions: ["max_sessions"],
  networkMode: ["network_mode"],
  allowHosts: ["allow_hosts"],
  dns: ["dns"],
  extraHosts: ["extra_hosts"],
  isReadOnlyRoot: ["read_only"],
  tmpfs: ["tmpfs", writeTmpfs],
  user: ["user"],
  capDrop: ["cap_drop"],
  capAdd: ["cap_add"],
  securityOpt: ["security_opt"],
  hasInit: ["init"],
  ociRuntime: ["runtime"],
  devices: ["devices", writeDevices],
  hasCacheVolume: ["enable_cache_volume"],
  caCertificates: ["ca_certificates", writeCaCertificates],
  pullPolicy: ["pull_policy"],
  registry: ["registry"],
  platform: ["platform"],
  startTimeoutMs: ["timeout", formatDuration],
  pullTimeoutMs: ["pull_timeout", formatDuration],
  stopTimeoutMs: ["stop_timeout", formatDuration],
  keepExited: ["keep_exited"],
  logDriver: ["log_driver"],
  logMaxSize: ["log_max_size"],
  logMaxFiles: ["log_max_files"],
  allowsDangerousMounts: ["allow_dangerous_mounts"],
  dockerContext: ["docker_context"],
  dockerHost: ["docker_host"],
};

/** Every setting of a server with its values and where the effective one comes from, in the order of the table above. */
export function describeSettings(input: {
  readonly server: ServerConfig;
  readonly settings: Settings;
}): readonly SettingDescription[] {
  const { values, sources } = effectiveSettings(input);
  const order = namesInOrder();
  return order.map((name) => ({
    key: keys[name][0],
    server: write(name, input.server.isolation[name]),
    global: write(name, input.settings.dockerIsolation[name]),
    effective: write(name, name === "memorySwapBytes" ? effectiveSwap(values) : values[name]),
    source: sources[name],
  }));
}

/** The key in the config file of a setting. */
export function settingKey(name: SettingName): string {
  return keys[name][0];
}

function namesInOrder(): readonly SettingName[] {
  const known = new Set<string>(settingNames);
  const isName = (name: string): name is SettingName => known.has(name);
  return Object.keys(keys).filter(isName);
}

function write(name: SettingName, value: unknown): string | null {
  if (value === undefined) return null;
  const [, writer] = keys[name];
  if (writer !== undefined) return asWriter(writer)(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Safe: the table pairs each setting with the writer of its own type. */
function asWriter(writer: (value: never) => string): (value: unknown) => string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return writer as (value: unknown) => string;
}

function writeUlimits(ulimits: NonNullable<IsolationValues["ulimits"]>): string {
  return (
    Object.entries(ulimits)
      .map(([name, { soft, hard }]) => `${name}=${soft}:${hard}`)
      .join(", ") || "none"
  );
}

function writeRestart(restart: RestartValues): string {
  const parts = [
    ["policy", restart.policy],
    ["max_attempts", restart.maxAttempts],
    ["backoff_initial", restart.backoffInitialMs && formatDuration(restart.backoffInitialMs)],
    ["backoff_max", restart.backoffMaxMs && formatDuration(restart.backoffMaxMs)],
    ["stable_after", restart.stableAfterMs && formatDuration(restart.stableAfterMs)],
  ] as const;
  return writeParts(parts);
}

function writeHealthCheck({ intervalMs, timeoutMs, failures }: HealthCheckValues): string {
  return writeParts([
    ["interval", intervalMs === undefined ? undefined : writeDurationOrOff(intervalMs)],
    ["timeout", timeoutMs && formatDuration(timeoutMs)],
    ["failures", failures],
  ]);
}

function writeParts(parts: readonly (readonly [key: string, value: string | number | undefined])[]): string {
  return parts.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`])).join(", ") || "none";
}

function writeDurationOrOff(durationMs: number | null): string {
  return durationMs === null ? "off" : formatDuration(durationMs);
}

function writeTmpfs(mounts: NonNullable<IsolationValues["tmpfs"]>): string {
  return mounts.map(({ path, options }) => (options === "" ? path : `${path}:${options}`)).join(", ") || "none";
}

function writeDevices(devices: NonNullable<IsolationValues["devices"]>): string {
  return (
    devices
      .map(({ hostPath, containerPath, permissions }) => `${hostPath}:${containerPath}:${permissions}`)
      .join(", ") || "none"
  );
}

function writeCaCertificates(choice: NonNullable<IsolationValues["caCertificates"]>): string {
  return choice.kind === "file" ? choice.path : choice.kind;
}
