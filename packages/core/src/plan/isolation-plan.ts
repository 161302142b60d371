import type { Device, Tmpfs, Ulimit } from "@mcpproxy/config-schema/config";
import type { Runtime } from "../runtime/runtime.ts";
import type { DockerRunCommand } from "./docker-run-command.ts";
import type { Finding } from "./finding.ts";

/** One variable for the server's process. Secret values never reach argv, labels, logs, the API or a page. */
export interface EnvVariable {
  readonly name: string;
  readonly value: string;
  /** True for every value that came from the config file; false for the few that MCPProxy sets itself. */
  readonly isSecret: boolean;
}

export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  /** Where the source led, with every link followed, when it was judged; undefined where nobody looked. */
  readonly realSource?: string;
}

export interface Limits {
  readonly memoryBytes: number;
  /** Memory plus swap, as Docker counts it; equal to memoryBytes, so that an overrun is an OOM kill and not a slow death. */
  readonly memorySwapBytes: number;
  /** CPU cores, fractions allowed. */
  readonly cpus: number;
  readonly pids: number;
  /** Size of /dev/shm; undefined for the engine's own default of 64 MiB. */
  readonly shmBytes?: number;
  readonly ulimits: readonly ({ readonly name: string } & Ulimit)[];
}

export interface Hardening {
  readonly capDrop: readonly string[];
  readonly capAdd: readonly string[];
  readonly hasNoNewPrivileges: boolean;
  /** Further security options, for example "apparmor=my-profile". */
  readonly securityOpt: readonly string[];
  readonly hasInit: boolean;
  readonly hasReadOnlyRoot: boolean;
  readonly user?: string;
  /** OCI runtime, for example runsc. */
  readonly ociRuntime?: string;
}

/** What the container sees of the world outside. */
export interface NetworkPlan {
  /** bridge, none, host, allowlist or the name of a network. */
  readonly mode: string;
  /** With mode allowlist: "host", "*.domain" or "host:port". */
  readonly allowHosts: readonly string[];
  readonly dns: readonly string[];
  /** Options of the resolver; only the allow-list sets some. */
  readonly dnsOptions?: readonly string[];
  /** "name:address" */
  readonly extraHosts: readonly string[];
}

/** Which engine runs the server. */
export type EngineSelection =
  | { readonly kind: "default" }
  | { readonly kind: "context"; readonly name: string }
  | { readonly kind: "host"; readonly host: string };

export interface LogDriver {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

export type PullPolicy = "missing" | "always" | "never";

/** Everything needed to create the container of a server. Pure data, computed from config; no ids, no clock. */
export interface IsolationPlan {
  readonly server: string;
  readonly runtime: Runtime;
  readonly image: string;
  /** Program and arguments inside the container, byte-exact, never through a shell. */
  readonly command: readonly [string, ...string[]];
  readonly env: readonly EnvVariable[];
  readonly limits: Limits;
  readonly network: NetworkPlan;
  readonly mounts: readonly BindMount[];
  readonly tmpfs: readonly Tmpfs[];
  readonly devices: readonly Device[];
  /** Where the server's own cache volume is mounted; its name is decided with the identity. */
  readonly cache?: { readonly target: string };
  /** Programs that the image must have; checked before the start. */
  readonly requiredPrograms: readonly string[];
  /** "linux/amd64"; undefined for the engine's own. */
  readonly platform?: string;
  readonly engine: EngineSelection;
  readonly workingDir?: string;
  readonly hardening: Hardening;
  readonly logDriver: LogDriver;
  readonly pullPolicy: PullPolicy;
  readonly timeouts: {
    readonly pullMs: number;
    /** From container start to a valid answer to MCP initialize; the pull is not part of it. */
    readonly startMs: number;
    /** Grace after each stop step (stdin EOF, SIGTERM) before the next one. */
    readonly stopMs: number;
  };
}

/** A server somewhere else, over HTTP. */
export interface RemoteEndpoint {
  /** Its query may hold secrets. */
  readonly url: string;
  readonly transport: "http" | "sse";
  /** The references that the value of a header came from, by its name; for messages. */
  readonly headerReferences: Readonly<Record<string, readonly string[]>>;
  /** A bundle of certificates to trust beside the well-known ones. */
  readonly caFile?: string;
}

/** A server that runs as a process on the host, because the config says so, or that is somewhere else. */
export interface DirectLaunch {
  readonly server: string;
  /** Of a remote server: its address as it may be shown. */
  readonly command: readonly [string, ...string[]];
  /** Of a remote server: its headers. */
  readonly env: readonly EnvVariable[];
  /** Set when nothing is started: the server is somewhere else. */
  readonly remote?: RemoteEndpoint;
  readonly workingDir?: string;
  readonly timeouts: IsolationPlan["timeouts"];
  /** Set when the command is the user's own `docker run`: its container gets our name and labels. */
  readonly dockerRun?: DockerRunCommand;
  /** Where a `docker run` of the user's own is watched. */
  readonly engine: EngineSelection;
}

export type RefusalCode =
  | "config_invalid"
  | "docker_isolation_off"
  | "runtime_unknown"
  | "server_is_docker_command"
  | "server_disabled"
  | "mount_dangerous"
  | "mount_missing"
  | "docker_run_unusable"
  | "secret_unresolved";

export interface Refusal {
  readonly code: RefusalCode;
  /** What is wrong, with the values. */
  readonly message: string;
  /** What to do next. */
  readonly remedy: string;
}

/** The three outcomes of planning. Isolated never falls back to direct: MCPProxy fails closed. */
export type PlanResult =
  | { readonly kind: "isolated"; readonly plan: IsolationPlan; readonly findings: readonly Finding[] }
  | {
      readonly kind: "direct";
      readonly launch: DirectLaunch;
      readonly reason: string;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** What is at a path of this machine. */
export interface PathFact {
  readonly kind: "missing" | "file" | "directory" | "socket" | "other";
  /** With every link followed; the path itself where nothing is there. */
  readonly realPath: string;
}

/** What planning may know of the machine; gathered by the caller, so that core stays pure. */
export interface HostFacts {
  readonly platform: "linux" | "darwin" | "win32" | "other";
  /** The CA bundle the host trusts; isComplete says that it also holds the public roots, so it may replace an image's own. */
  readonly caBundle?: { readonly path: string; readonly isComplete: boolean };
  readonly homeDirectory?: string;
  /** Facts about the paths that `pathsToCheck` names; a path that is not in it was not looked at. */
  readonly paths?: ReadonlyMap<string, PathFact>;
}

/** Who a container belongs to; decided per run, printed as name and labels. */
export interface ContainerIdentity {
  readonly name: string;
  readonly instanceId: string;
  readonly runId: string;
  /** RFC 3339 */
  readonly createdAt: string;
}
