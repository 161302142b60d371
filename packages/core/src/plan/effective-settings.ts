import type { IsolationValues, ServerConfig, Settings } from "@mcpproxy/config-schema/config";

type Defined<Values> = { readonly [Key in keyof Values]: Exclude<Values[Key], undefined> };
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
type Values = Defined<Omit<IsolationValues, WithoutDefault>> & Pick<IsolationValues, WithoutDefault>;

export interface EffectiveSettings {
  readonly values: Values;
  readonly sources: Readonly<Record<SettingName, SettingSource>>;
  /** What a ceiling took away. */
  readonly ceiled: readonly { readonly name: CeilingName; readonly wanted: number; readonly ceiling: number }[];
}
type Ceilings = Settings["dockerIsolation"]["ceilings"];
/** Memory and swap together count as memory: a server must not leave its ceiling by swapping. */
export type CeilingName = keyof Ceilings | "memorySwapBytes";

const defaults: Defined<Omit<IsolationValues, WithoutDefault>> = {
  preset: "standard",
  memoryLimitBytes: 512 * 1024 ** 2,
  cpus: 1,
  pidsLimit: 256,
  ulimits: {},
  startTimeoutMs: 30_000,
  pullTimeoutMs: 600_000,
  stopTimeoutMs: 10_000,
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
const none: Partial<IsolationValues> = {};
type Level = readonly [SettingSource, Partial<IsolationValues>];

/**
 * Merges what the server, `docker_isolation`, their presets and the built-in defaults say, the nearest to the server first,
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
  const builtIn: Level = ["default", defaults];
  const levels: readonly Level[] = [
    ["server", isolation],
    ["server preset", isolation.preset === undefined ? none : presets[isolation.preset]],
    ["docker_isolation", withoutOtherEngine(dockerIsolation, isolation)],
    [
      "global preset",
      isolation.preset !== undefined || dockerIsolation.preset === undefined ? none : presets[dockerIsolation.preset],
    ],
    builtIn,
  ];
  const sources: Partial<Record<SettingName, SettingSource>> = {};
  const merged: Record<string, unknown> = {};
  for (const name of settingNames) {
    const [source, level] = levels.find(([, values]) => values[name] !== undefined) ?? builtIn;
    sources[name] = source;
    merged[name] = level[name];
  }
  if (isolation.ulimits !== undefined) merged["ulimits"] = { ...dockerIsolation.ulimits, ...isolation.ulimits };
  const ceiled = cut(merged, dockerIsolation.ceilings);
  for (const { name } of ceiled) sources[name] = "ceiling";
  return { values: asValues(merged), sources: asSources(sources), ceiled };
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
const withoutDefault: Readonly<Record<WithoutDefault, true>> = {
  memorySwapBytes: true,
  shmBytes: true,
  user: true,
  ociRuntime: true,
  platform: true,
  registry: true,
  dockerContext: true,
  dockerHost: true,
};
/** Every setting, in a fixed order; complete because both records above must name each key of theirs. */
export const settingNames = namesOf({ ...defaults, ...withoutDefault });

function namesOf(record: Readonly<Record<SettingName, unknown>>): readonly SettingName[] {
  // The parameter's type says that these are the names and no others.
  return Object.keys(record) as SettingName[];
}

/** Safe: the loop above gives every name the value of the first level that has one, and `defaults` has all that need one. */
function asValues(merged: Record<string, unknown>): Values {
  return merged as unknown as Values;
}

function asSources(sources: Partial<Record<SettingName, SettingSource>>): Readonly<Record<SettingName, SettingSource>> {
  return sources as Record<SettingName, SettingSource>;
}
