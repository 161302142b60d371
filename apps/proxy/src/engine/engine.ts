import type { ContainerIdentity, DirectLaunch, IsolationPlan } from "@mcpproxy/core/plan/isolation-plan";
import type { EngineStatus, PullProgress } from "@mcpproxy/core/run/server-record";
import type { EngineEvent, ImageFailureCode } from "@mcpproxy/core/verdict/exit-evidence";

/**
 * What the run supervisor needs of a place where servers run. Two adapters: Docker (docker/) and host process (host/).
 * Nothing here assumes that create, attach, events and inspect go to one address.
 */
export interface Engine<Launch> {
  readonly kind: "docker" | "host";
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
  /** Resolves once, when the process has ended and its facts were read; never rejects. */
  readonly ended: Promise<WorkloadEnd>;
  readMemory(): Promise<MemoryReading | undefined>;
  /** Removes the container; keeps it when it should stay for `docker logs`. No-op for a host process. */
  remove(): Promise<void>;
}

/** The outcome as far as the engine knows it. */
export interface WorkloadEnd {
  readonly endedAt: string;
  readonly containerState: "created" | "exited" | "running" | "gone";
  readonly exitCode?: number;
  readonly signal?: number;
  readonly isOomFlagSet: boolean;
  readonly stateError?: string;
  readonly events: readonly EngineEvent[];
  readonly eventGap?: { readonly from: string; readonly to: string };
}

export interface MemoryReading {
  readonly at: string;
  /** Working set: usage minus inactive file cache. */
  readonly workingSetBytes: number;
  /** Kernel peak where readable. */
  readonly peakBytes?: number;
}

/** What Docker offers beyond running one workload. */
export interface ContainerEngine extends Engine<ContainerLaunch> {
  readonly kind: "docker";
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
  endAbandoned(containerId: string): Promise<WorkloadEnd>;
  removeContainer(containerId: string): Promise<void>;
  close(): Promise<void>;
}

export interface EnsureImageRequest {
  readonly image: string;
  readonly policy: "missing" | "always" | "never";
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  onPullStarted(): void;
  onProgress(progress: PullProgress): void;
}

export interface ImageFacts {
  /** Repo digest ("node@sha256:…") where there is one, else the image id. */
  readonly digest: string;
  readonly wasPulled: boolean;
  /** Value of the label of images built from a host's own Node, e.g. "v20.20.2". */
  readonly builtFromHost?: string;
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
  | { readonly stage: "image"; readonly code: ImageFailureCode }
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
