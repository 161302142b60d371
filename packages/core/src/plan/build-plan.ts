import type { ServerConfig, Tmpfs } from "@mcpproxy/config-schema/config";
import { planCaCertificates } from "./ca-certificates.ts";
import { cacheEnv, cacheFolder, offlineEnv, usesCache } from "./cache-volume.ts";
import type { ChosenImage } from "./choose-image.ts";
import type { ContainerCommand } from "./container-command.ts";
import { normalize } from "./dangerous-path.ts";
import type { EffectiveSettings } from "./effective-settings.ts";
import { effectiveSwap } from "./effective-swap.ts";
import { planHome } from "./home-folder.ts";
import type {
  BindMount,
  EngineSelection,
  EnvVariable,
  Hardening,
  HostFacts,
  IsolationPlan,
  LogDriver,
} from "./isolation-plan.ts";
import { uvHome } from "./uv-bootstrap.ts";

type Values = EffectiveSettings["values"];

interface PlanFacts {
  readonly server: ServerConfig;
  readonly values: Values;
  readonly host: HostFacts;
}

/** The plan of one container. */
export function buildPlan(
  { server, values, host }: PlanFacts,
  decided: { readonly chosen: ChosenImage; readonly command: ContainerCommand },
): IsolationPlan {
  const { chosen, command } = decided;
  const userEnv = configuredEnv(server);
  const taken = new Set(userEnv.map(({ name }) => name));
  const certificates = planCaCertificates(values.caCertificates, { host, userEnv });
  const volumes = volumesOf(server);
  const mounts = [...certificates.mounts, ...volumes].map((mount) => judgedAt(mount, host));
  const places = new Set(volumes.map(({ target }) => normalize(target)));
  const hasCache = values.hasCacheVolume && usesCache(chosen.runtime) && !places.has(cacheFolder);
  const home = planHome(values.user, taken);
  const bootstrap = command.isUvBootstrapped
    ? [{ name: "MCPPROXY_UV_HOME", value: uvHome({ hasCacheVolume: hasCache, user: values.user }), isSecret: false }]
    : [];
  return {
    server: server.name,
    runtime: chosen.runtime,
    image: chosen.image,
    command: command.command,
    env: [
      ...certificates.env,
      ...(hasCache ? cacheEnv(chosen.runtime, { user: values.user, taken }) : []),
      ...(values.networkMode === "none" ? offlineEnv(chosen.runtime, taken) : []),
      ...bootstrap,
      ...home.env,
      ...userEnv,
    ],
    limits: limitsOf(values),
    network: networkOf(values),
    mounts,
    tmpfs: tmpfsOf([...values.tmpfs, ...home.tmpfs], places),
    devices: values.devices,
    ...(hasCache ? { cache: { target: cacheFolder } } : {}),
    requiredPrograms: [...command.requiredPrograms, ...(chosen.needsGit ? ["git"] : [])],
    ...(values.platform === undefined ? {} : { platform: values.platform }),
    engine: engineOf(values),
    ...(server.isolation.workingDir === undefined ? {} : { workingDir: server.isolation.workingDir }),
    hardening: hardeningOf(values),
    logDriver: logDriverOf(values),
    pullPolicy: values.pullPolicy,
    timeouts: timeoutsOf(values),
  };
}

function volumesOf(server: ServerConfig): readonly BindMount[] {
  return server.isolation.volumes.map(({ hostPath, containerPath, isReadOnly }) => ({
    source: hostPath,
    target: containerPath,
    isReadOnly,
  }));
}

/** With the place that was judged: a server that may write beside it could put a link there afterwards. */
function judgedAt(mount: BindMount, host: HostFacts): BindMount {
  const realSource = host.paths?.get(mount.source)?.realPath;
  return realSource === undefined ? mount : { ...mount, realSource };
}

/** One mount for each place: a volume goes before memory, the configuration before our own. */
function tmpfsOf(mounts: readonly Tmpfs[], taken: ReadonlySet<string>): readonly Tmpfs[] {
  const free = mounts.filter(({ path }) => !taken.has(normalize(path)));
  return free.filter(
    ({ path }, index) => free.findIndex((other) => normalize(other.path) === normalize(path)) === index,
  );
}

/** The variables of the configuration; all of them count as secrets. */
export function configuredEnv(server: ServerConfig): readonly EnvVariable[] {
  return Object.entries(server.env).map(([name, value]) => ({ name, value, isSecret: true }));
}

export function timeoutsOf(values: Values): IsolationPlan["timeouts"] {
  return { pullMs: values.pullTimeoutMs, startMs: values.startTimeoutMs, stopMs: values.stopTimeoutMs };
}

export function engineOf({ dockerHost, dockerContext }: Pick<Values, "dockerHost" | "dockerContext">): EngineSelection {
  if (dockerHost !== undefined) return { kind: "host", host: dockerHost };
  return dockerContext === undefined ? { kind: "default" } : { kind: "context", name: dockerContext };
}

function limitsOf(values: Values): IsolationPlan["limits"] {
  return {
    memoryBytes: values.memoryLimitBytes,
    memorySwapBytes: effectiveSwap(values),
    cpus: values.cpus,
    pids: values.pidsLimit,
    ...(values.shmBytes === undefined ? {} : { shmBytes: values.shmBytes }),
    ulimits: Object.entries(values.ulimits)
      .map(([name, ulimit]) => ({ name, ...ulimit }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function networkOf(values: Values): IsolationPlan["network"] {
  return {
    mode: values.networkMode,
    allowHosts: values.networkMode === "allowlist" ? values.allowHosts : [],
    dns: values.dns,
    extraHosts: values.extraHosts,
  };
}

function hardeningOf(values: Values): Hardening {
  const isSwitchedOff = values.securityOpt.some((option) => /^no-new-privileges[:=]false$/.test(option));
  return {
    capDrop: values.capDrop,
    capAdd: values.capAdd,
    hasNoNewPrivileges: !isSwitchedOff,
    securityOpt: values.securityOpt.filter((option) => !option.startsWith("no-new-privileges")),
    hasInit: values.hasInit,
    hasReadOnlyRoot: values.isReadOnlyRoot,
    ...(values.user === undefined ? {} : { user: values.user }),
    ...(values.ociRuntime === undefined ? {} : { ociRuntime: values.ociRuntime }),
  };
}

function logDriverOf(values: Values): LogDriver {
  const name = values.logDriver;
  // Only these two know the options; the others refuse to create a container with them.
  if (name !== "local" && name !== "json-file") return { name, options: {} };
  return { name, options: { "max-size": values.logMaxSize, "max-file": String(values.logMaxFiles) } };
}
