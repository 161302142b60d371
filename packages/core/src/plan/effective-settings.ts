import type {
  HealthCheckValues,
  IsolationValues,
  RestartValues,
  ServerConfig,
  Settings,
} from "@mcpproxy/config-schema/config";

type Defined<Shape> = { readonly [Key in keyof Shape]: Exclude<Shape[Key], undefined> };
type SettingName = keyof IsolationValues;

/** Where an effective value comes from, the strongest first. */
export type SettingSource = "server" | "server preset" | "docker_isolation" | "global preset" | "default" | "ceiling";

/** The values that have no default: they stay undefined where nobody sets them. */
type WithoutDefault =
  | "memorySwapBytes"
  | "shmBytes"
  | "user"
  | "ociRuntime"
  | "platform"
  | "registry"
  | "dockerContext"
  | "dockerHost";
type Values = Defined<Omit<IsolationValues, WithoutDefault | "restart" | "healthCheck">> &
  Pick<IsolationValues, WithoutDefault> & {
    readonly restart: RestartSettings;
    readonly healthCheck: HealthCheckSettings;
  };
type Filled<Shape> = { readonly [Key in keyof Shape]-?: Exclude<Shape[Key], undefined> };
export type RestartSettings = Filled<RestartValues>;
export type HealthCheckSettings = Filled<HealthCheckValues>;

export interface EffectiveSettings {
  readonly values: Values;
  readonly sources: Readonly<Record<SettingName, SettingSource>>;
  /** What a ceiling took away. */
  readonly ceiled: readonly { readonly name: CeilingName; readonly wanted: number; readonly ceiling: number }[];
}
type Ceilings = Settings["dockerIsolation"]["ceilings"];
/** Memory and swap together count as memory: a server must not leave its ceiling by swapping. */
export type CeilingName = keyof Ceilings | "memorySwapBytes";

const restartDefaults: RestartSettings = {
  policy: "on-failure",
  maxAttempts: 10,
  backoffInitialMs: 1_000,
  backoffMaxMs: 300_000,
  stableAfterMs: 60_000,
};

const healthCheckDefaults: HealthCheckSettings = { intervalMs: 60_000, timeoutMs: 10_000, failures: 3 };

const defaults: Omit<Values, WithoutDefault> = {
  preset: "standard",
  memoryLimitBytes: 512 * 1024 ** 2,
  cpus: 1,
  pidsLimit: 256,
  ulimits: {},
  startTimeoutMs: 30_000,
  pullTimeoutMs: 600_000,
  stopTimeoutMs: 10_000,
  start: "eager",
  idleTimeoutMs: null,
  restart: restartDefaults,
  healthCheck: healthCheckDefaults,
  scope: "shared",
  maxSessions: 32,
  networkMode: "bridge",
  allowHosts: [],
  dns: [],
  extraHosts: [],
  isReadOnlyRoot: false,
  tmpfs: [],
  capDrop: ["ALL"],
  capAdd: [],
  securityOpt: [],
  hasInit: true,
  devices: [],
  pullPolicy: "missing",
  caCertificates: { kind: "auto" },
  hasCacheVolume: true,
  keepExited: 1,
  logDriver: "local",
  logMaxSize: "10m",
  logMaxFiles: 3,
  allowsDangerousMounts: false,
};

/** What `preset` stands for; every single key that is set on the same level or nearer to the server wins over it. */
const presets: Readonly<Record<Values["preset"], Partial<IsolationValues>>> = {
  standard: {},
  strict: {
    isReadOnlyRoot: true,
    tmpfs: [{ path: "/tmp", options: "size=64m,mode=1777" }],
    user: "1000:1000",
    networkMode: "none",
  },
};
type Level = readonly [SettingSource, Partial<IsolationValues>];

/**
 * Merges what the server, `docker_isolation`, their presets and the built-in defaults say, the nearest to the server last,
 * and tells for each value where it comes from. Lists replace, maps merge, ceilings cut.
 */
export function effectiveSettings({
  server,
  settings,
}: {
  readonly server: ServerConfig;
  readonly settings: Settings;
}): EffectiveSettings {
  const { dockerIsolation } = settings;
  const { isolation } = server;
  const globalPreset = isolation.preset === undefined ? dockerIsolation.preset : undefined;
  const levels: readonly Level[] = [
    ["global preset", presets[globalPreset ?? "standard"]],
    ["docker_isolation", withoutOtherEngine(dockerIsolation, isolation)],
    ["server preset", presets[isolation.preset ?? "standard"]],
    ["server", isolation],
  ];
  const sources = { ...builtInSources };
  const merged: Record<string, unknown> = { ...builtIn };
  for (const [source, level] of levels) {
    if (level === presets.standard) continue;
    for (const name of settingNames) {
      if (level[name] === undefined) continue;
      merged[name] = level[name];
      sources[name] = source;
    }
  }
  if (isolation.ulimits !== undefined) merged["ulimits"] = { ...dockerIsolation.ulimits, ...isolation.ulimits };
  if (isolation.restart !== undefined || dockerIsolation.restart !== undefined)
    merged["restart"] = mergedRestart(dockerIsolation.restart, isolation.restart);
  if (isolation.healthCheck !== undefined || dockerIsolation.healthCheck !== undefined)
    merged["healthCheck"] = mergedHealthCheck(dockerIsolation.healthCheck, isolation.healthCheck);
  const ceiled = cut(merged, dockerIsolation.ceilings);
  for (const { name } of ceiled) sources[name] = "ceiling";
  return { values: asValues(merged), sources, ceiled };
}

/** Key by key, the nearest to the server first. */
function mergedRestart(global: RestartValues = {}, server: RestartValues = {}): RestartSettings {
  const policy = server.policy ?? global.policy ?? restartDefaults.policy;
  const backoffInitialMs = server.backoffInitialMs ?? global.backoffInitialMs ?? restartDefaults.backoffInitialMs;
  const backoffMaxMs = server.backoffMaxMs ?? global.backoffMaxMs ?? restartDefaults.backoffMaxMs;
  return {
    policy,
    maxAttempts: server.maxAttempts ?? global.maxAttempts ?? restartDefaults.maxAttempts,
    backoffInitialMs,
    // A first wait beyond the longest of another level means a longer longest.
    backoffMaxMs: Math.max(backoffInitialMs, backoffMaxMs),
    stableAfterMs: server.stableAfterMs ?? global.stableAfterMs ?? restartDefaults.stableAfterMs,
  };
}

/** Key by key, the nearest to the server first; null is a value too: off. */
function mergedHealthCheck(global: HealthCheckValues = {}, server: HealthCheckValues = {}): HealthCheckSettings {
  const [intervalMs = healthCheckDefaults.intervalMs] = [server.intervalMs, global.intervalMs].filter(isGiven);
  return {
    intervalMs,
    timeoutMs: server.timeoutMs ?? global.timeoutMs ?? healthCheckDefaults.timeoutMs,
    failures: server.failures ?? global.failures ?? healthCheckDefaults.failures,
  };
}

function isGiven<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/** A server's context must not meet the global host, nor the other way round: they choose the same thing. */
function withoutOtherEngine(
  global: Partial<IsolationValues>,
  server: Partial<IsolationValues>,
): Partial<IsolationValues> {
  if (server.dockerHost === undefined && server.dockerContext === undefined) return global;
  return { ...global, dockerHost: undefined, dockerContext: undefined };
}

/** What an engine gives where nobody sets it. https://docs.docker.com/reference/cli/docker/container/run/ */
const engineDefaults: Readonly<Partial<Record<CeilingName, number>>> = { shmBytes: 64 * 1024 ** 2 };

function cut(merged: Record<string, unknown>, ceilings: Ceilings): EffectiveSettings["ceiled"] {
  return ceilingNames.flatMap((name) => {
    const ceiling = name === "memorySwapBytes" ? ceilings.memoryLimitBytes : ceilings[name];
    const wanted = merged[name] ?? engineDefaults[name];
    if (ceiling === undefined || typeof wanted !== "number" || wanted <= ceiling) return [];
    merged[name] = ceiling;
    return [{ name, wanted, ceiling }];
  });
}

const ceilingNames: readonly CeilingName[] = ["memoryLimitBytes", "memorySwapBytes", "cpus", "pidsLimit", "shmBytes"];
/** What holds where nobody says anything, with every name. */
export const builtIn: Values = {
  ...defaults,
  memorySwapBytes: undefined,
  shmBytes: undefined,
  user: undefined,
  ociRuntime: undefined,
  platform: undefined,
  registry: undefined,
  dockerContext: undefined,
  dockerHost: undefined,
};
export const settingNames = namesOf(builtIn);
const builtInSources = sameSource(settingNames, "default");

/** Safe: the parameter's type says that these are the names and no others. */
function namesOf(record: Readonly<Record<SettingName, unknown>>): readonly SettingName[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return Object.keys(record) as SettingName[];
}

/** Safe for all names: every one of them becomes a key. */
function sameSource(names: readonly SettingName[], source: SettingSource): Record<SettingName, SettingSource> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return Object.fromEntries(names.map((name) => [name, source])) as Record<SettingName, SettingSource>;
}

/** Safe: it begins with every built-in value, and the loop above puts a value only where the same name has one. */
function asValues(merged: Record<string, unknown>): Values {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return merged as unknown as Values;
}
