import type { DockerRunCommand } from "@mcpproxy/core/plan/docker-run-command";
import type { ContainerIdentity, DirectLaunch, IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import type { IsolationReport } from "@mcpproxy/core/run/run-record";
import type { EngineStatus, PullProgress } from "@mcpproxy/core/run/server-record";
import type { EgressSide } from "./egress.ts";
import type { EngineEvent, ImageFailureCode } from "@mcpproxy/core/verdict/exit-evidence";

/**
 * What the run supervisor needs of a place where servers run. Three adapters: Docker (docker/), host process (host/), and remote
 * server (src/remote).
 * Nothing here assumes that create, attach, events and inspect go to one address.
 */
export interface Engine<Launch> {
  readonly kind: "docker" | "host" | "remote";
  /** Creates and attaches, does not start. Rejects with EngineError. */
  create(launch: Launch, output: WorkloadOutput): Promise<Workload>;
}

export interface ContainerLaunch {
  readonly plan: IsolationPlan;
  readonly identity: ContainerIdentity;
}
export type HostLaunch = DirectLaunch;

/** Where the bytes of a workload go. Chunks are raw, in order; after `pause` no more come until `resume`. */
export interface WorkloadOutput {
  onStdout(chunk: Buffer): void;
  onStderr(chunk: Buffer): void;
}

/** One created container or host process. Whoever created it owns it and calls `remove` once. */
export interface Workload {
  /** Container id, or "pid:123" (known after start for a host process). */
  readonly id: string;
  /** Resolves when the process runs. Rejects with EngineError stage "start" (command not found, …). */
  start(): Promise<void>;
  /** Raw bytes to stdin; false when the writer should wait for `onDrain`. No-op after the end. */
  write(bytes: Buffer | string): boolean;
  onDrain(listener: () => void): void;
  closeStdin(): void;
  signal(name: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Stops reading stdout (backpressure); stderr is always drained. */
  pauseStdout(): void;
  resumeStdout(): void;
  /** Each engine event of this workload as it comes (oom, kill, die, …). */
  onEvent(listener: (event: EngineEvent) => void): void;
  /** Called once, when its stdio is lost for good before anybody can tell its end; also to a listener that comes later. */
  onCutOff(listener: (cutOff: CutOff) => void): void;
  /** Resolves once, when the process has ended and its facts were read; never rejects. */
  readonly ended: Promise<WorkloadEnd>;
  /** Memory and CPU now; undefined while it does not run, and when it is ending. */
  readResources(): Promise<ResourceReading | undefined>;
  /** Takes the kernel's peak into account for the end, which costs far less than a reading; no-op where nobody can tell. */
  readPeak(): Promise<void>;
  /** Bytes received from the network and written to disk since the start; undefined where nobody can tell. */
  readTransferredBytes(): Promise<number | undefined>;
  /** Removes the container; keeps it when it should stay for `docker logs`. No-op for a host process. */
  remove(): Promise<void>;
}

/** The stdio of a workload is over; whether its process is, only the engine can tell. */
export interface CutOff {
  /** False when the engine says that the process runs: it closed its output, or the engine was restarted in between. */
  readonly isEngineAway: boolean;
  /** Resolves when the engine answers again: true when the process still runs, false when it has ended. */
  readonly stillRuns: Promise<boolean>;
}

/** The outcome as far as the engine knows it. */
export interface WorkloadEnd {
  readonly endedAt: string;
  readonly containerState: "created" | "exited" | "running" | "gone";
  readonly exitCode?: number;
  readonly signal?: number;
  readonly isOomFlagSet: boolean;
  /** The kernel's peak, read as late as its files were there; left out where they cannot be read. */
  readonly kernelPeakBytes?: number;
  readonly stateError?: string;
  readonly events: readonly EngineEvent[];
  readonly eventGap?: { readonly from: string; readonly to: string };
  /**
   * The end with what the engine says later: where it was too busy to be asked in time and the events had to do, and
   * where nothing has said yet who killed the container.
   */
  readonly confirmed?: Promise<WorkloadEnd>;
}

/** The end of a container that nobody was attached to, with what its log still has. */
export interface AbandonedEnd extends WorkloadEnd {
  /** The last lines of its stderr, bounded; empty when the engine cannot give them. */
  readonly stderrLines: readonly string[];
}

export interface ResourceReading {
  readonly at: string;
  /** Working set: usage minus inactive file cache. */
  readonly workingSetBytes: number;
  /** Kernel peak where readable. */
  readonly peakBytes?: number;
  /** Average of cores in use since the reading before; 1 is one full core. Null at the first, and where it cannot be read. */
  readonly cpuCores: number | null;
}

/** A `docker run` of the user's own, whose container is to have the life of a workload. */
export interface AdoptRequest {
  readonly server: string;
  readonly command: DockerRunCommand;
  /** In the labels of the container that the command makes. */
  readonly identity: ContainerIdentity;
  /** For the image that the command pulls by itself. */
  readonly pullTimeoutMs: number;
  readonly output: WorkloadOutput;
  /** Prepares the command as a process of this machine. */
  createClient(output: WorkloadOutput): Promise<Workload>;
  onPullStarted(): void;
  onCreated(container: CommandContainer): void;
  /** The command runs, but no container with our labels shows up on this engine: nothing is known but the process. */
  onUnseen(): void;
}

/** What a container was given by whoever made it; null is no limit. */
export interface CommandContainer {
  readonly id: string;
  readonly name: string;
  /** Repo digest where there is one, else the image id. */
  readonly imageDigest: string;
  readonly limits: {
    readonly memoryBytes: number | null;
    readonly cpus: number | null;
    readonly pids: number | null;
    readonly network: string | null;
  };
}

/** What Docker offers beyond running one workload. */
export interface ContainerEngine extends Engine<ContainerLaunch> {
  readonly kind: "docker";
  /** Watches the container of a docker command that runs as a process. Rejects with EngineError stage "engine". */
  adopt(request: AdoptRequest): Promise<Workload>;
  /** The variables with which a docker command talks to this engine. */
  commandVariables(): Readonly<Record<string, string>>;
  /** Asks the engine now; never rejects, an unreachable engine is an answer. */
  probe(): Promise<EngineStatus>;
  /** The last known status without asking. */
  readonly status: EngineStatus;
  /** Called on every change between available and unavailable, from a watch with backoff that `close` ends. */
  onStatusChange(listener: (status: EngineStatus) => void): void;
  /** Makes sure that the image is there, by policy; rejects with EngineError stage "image" (or "engine"). */
  ensureImage(request: EnsureImageRequest): Promise<ImageFacts>;
  /** All containers, running or not, that carry our labels with this instance. */
  listOwned(instanceId: string): Promise<readonly OwnedContainer[]>;
  /** Facts of the end of a container that nobody attached to (after a restart of MCPProxy). Stops it first if it runs. */
  endAbandoned(containerId: string): Promise<AbandonedEnd>;
  removeContainer(containerId: string): Promise<void>;
  /** For servers whose network is an allow-list. */
  readonly egress: EgressSide;
  /** How well a container is isolated, from what the engine says is in force. Rejects when the engine does not say. */
  readIsolation(containerId: string): Promise<IsolationReport>;
  /** The cache volumes of an instance, by server. Rejects with EngineError stage "engine". */
  listCaches(request: ListCachesRequest): Promise<readonly CacheVolume[]>;
  /** Removes a cache volume; one that is gone already counts as removed. Rejects with EngineError stage "engine". */
  removeCache(volume: string): Promise<CacheRemoval>;
  close(): Promise<void>;
}

export interface ListCachesRequest {
  readonly instanceId: string;
  /** How long the engine may count bytes, which takes seconds and more on a machine with many volumes; 0 for no sizes. */
  readonly sizeDeadlineMs: number;
}

/** The volume of one server that keeps its downloads between runs. */
export interface CacheVolume {
  readonly volume: string;
  readonly server: string;
  readonly instance: string;
  /** RFC 3339; null when the engine does not say. */
  readonly createdAt: string | null;
  /** Null when the engine did not say in time. */
  readonly sizeBytes: number | null;
  /** While there are any, the volume cannot be removed. */
  readonly usedBy: readonly CacheUser[];
}

/** A container that has the volume mounted, running or kept after its end. */
export interface CacheUser {
  readonly container: string;
  readonly isRunning: boolean;
}

export type CacheRemoval =
  | { readonly kind: "removed" }
  /** With the reason, and what to do first. */
  | { readonly kind: "kept"; readonly reason: string };

export interface EnsureImageRequest {
  readonly image: string;
  /** "linux/amd64" or "linux/arm64/v8"; left out for the engine's own. */
  readonly platform?: string;
  readonly policy: "missing" | "always" | "never";
  /** For the pull alone, from its own start: waiting for other pulls does not count. */
  readonly deadlineMs: number;
  /** How long no byte may come while the registry is waited for; 60 s when left out. */
  readonly stallTimeoutMs?: number;
  readonly signal: AbortSignal;
  onPullStarted(): void;
  /** At most four times a second; also while the pull waits for others. */
  onProgress(progress: PullProgress): void;
}

export interface ImageFacts {
  /** Repo digest ("node@sha256:…") where there is one, else the image id. */
  readonly digest: string;
  readonly wasPulled: boolean;
  /** Value of the label of images built from a host's own Node, e.g. "v20.20.2". */
  readonly builtFromHost?: string;
  /** Something that went wrong on the way but did not stop the pull, with what to do. */
  readonly warning?: string;
}

export interface OwnedContainer {
  readonly id: string;
  readonly name: string;
  readonly server: string;
  readonly runId: string;
  readonly isRunning: boolean;
  readonly createdAt: string;
}

export type EngineErrorDetail =
  | { readonly stage: "engine"; readonly remedy?: string }
  | { readonly stage: "image"; readonly code: ImageFailureCode; readonly remedy?: string }
  | { readonly stage: "create" | "start"; readonly exitCode?: number };

/** An expected failure of the engine, with the stage it happened in. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly detail: EngineErrorDetail;

  constructor(message: string, detail: EngineErrorDetail, options?: { cause?: unknown }) {
    super(message, options);
    this.detail = detail;
  }
}
