import type { Finding } from "../plan/finding.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { DockerContextRecord } from "./docker-context-record.ts";

export const serverStates = [
  "stopped",
  "queued",
  "pulling",
  "creating",
  "starting",
  "initializing",
  "ready",
  "idle",
  "stopping",
  "backing_off",
  "crash_looping",
  "parked",
  "refused",
  "engine_unavailable",
] as const;
export type ServerState = (typeof serverStates)[number];

/** A configured server and what it does right now, as REST, tRPC and the CLI give it. */
export interface ServerRecord {
  readonly name: string;
  readonly enabled: boolean;
  readonly state: ServerState;
  /** When it is tried again; null unless it backs off or loops. RFC 3339 */
  readonly nextTryAt: string | null;
  /** Number of the present or next try in a row of failures; 1 when the last run did not fail. */
  readonly attempt: number;
  /** The person who stopped it: only a person, or a changed config, starts it again. */
  readonly heldBy: string | null;
  /** Runs that live right now; more than one only with scope "session". */
  readonly runs: number;
  /** Why the server does not run: refused, crash looping, parked, no engine, or no free place; with the remedy. Else null. */
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  readonly isolation: "docker" | "none" | "remote" | "refused";
  readonly command: readonly string[];
  readonly image: string | null;
  readonly imageBuiltFromHost: string | null;
  readonly limits: {
    readonly memoryBytes: number | null;
    readonly cpus: number | null;
    readonly pids: number | null;
    readonly network: string | null;
  };
  /** What a person should know about its settings, the most serious first. */
  readonly findings: readonly Finding[];
  readonly pull: PullProgress | null;
  /** The newest of its live runs. */
  readonly run: {
    readonly id: string;
    readonly containerId: string | null;
    readonly containerName: string | null;
    readonly startedAt: string;
    readonly readyAt: string | null;
    readonly memoryBytes: number | null;
    readonly peakMemoryBytes: number | null;
    /** Of the last reading: 0.5 is half a core. */
    readonly cpuCores: number | null;
    readonly sessions: number;
    readonly callsTotal: number;
    readonly callsInFlight: number;
    /** 0 to 100, from what is in force; null on the host and until the engine was asked. */
    readonly isolationScore: number | null;
  } | null;
  readonly lastVerdict: { readonly runId: string; readonly endedAt: string; readonly verdict: Verdict } | null;
}

/** The download of an image; `bytesDone` never goes back, `bytesTotal` grows while the engine learns the sizes of layers. */
export interface PullProgress {
  readonly image: string;
  /** "queued" while it waits for other pulls of this proxy. */
  readonly state: "queued" | "pulling";
  readonly layersDone: number;
  readonly layersTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly layers: readonly LayerProgress[];
}

export interface LayerProgress {
  /** Short digest, as Docker shows it. */
  readonly id: string;
  /** "extracting" as soon as all bytes are here, also while the layers below it are unpacked first. */
  readonly status: "waiting" | "downloading" | "extracting" | "done";
  /** Downloaded bytes, compressed. */
  readonly bytesDone: number;
  /** 0 until the registry has told it, and for a layer that was here already. */
  readonly bytesTotal: number;
}

/** What the engine says about itself. */
export interface EngineStatus {
  readonly state: "available" | "unavailable";
  /** Docker context, "DOCKER_HOST", or "docker_host" for an address from the config. */
  readonly context: string;
  readonly endpoint: string;
  readonly version: string | null;
  readonly apiVersion: string | null;
  readonly cgroupVersion: string | null;
  /** What the machine of the engine has, or its virtual one. */
  readonly memoryBytes: number | null;
  /** Limits that the engine says it does not enforce, and the like. */
  readonly warnings: readonly string[];
  readonly problem: { readonly message: string; readonly remedy: string } | null;
  /** RFC 3339 */
  readonly checkedAt: string;
}

export interface ProxyStatus {
  readonly version: string;
  readonly instanceId: string;
  readonly startedAt: string;
  readonly configPath: string;
  readonly configIssues: readonly ConfigIssueRecord[];
  readonly configWarnings: readonly ConfigIssueRecord[];
  /** What MCPProxy itself cannot do right now, such as write its history; empty while all is well. */
  readonly problems: readonly ProxyProblem[];
  /** The engine of servers that choose none themselves. */
  readonly engine: EngineStatus;
  /** All engines that are in use or could be. */
  readonly contexts: readonly DockerContextRecord[];
}

export interface ProxyProblem {
  readonly kind: "history" | "log";
  /** For people: what is wrong and what to do. */
  readonly message: string;
  /** RFC 3339 */
  readonly since: string;
}

export interface ConfigIssueRecord {
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly server: string | null;
  readonly message: string;
  readonly remedy: string | null;
}
