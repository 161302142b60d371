import { formatDuration } from "@mcpproxy/core/format/duration";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Verdict, VerdictKind } from "@mcpproxy/core/verdict/verdict";
import type { RpcError } from "../bridge/rpc-error.ts";

/** Kinds after which the same call has no chance before somebody changes something. */
const lastingKinds: ReadonlySet<VerdictKind> = new Set<VerdictKind>([
  "start_failed",
  "image_failed",
  "package_failed",
  "engine_unavailable",
  "oom_heap",
]);

/** A run ended, or the server may not run: what everyone who waits for it is told. */
export class ServerUnavailableError extends Error {
  override readonly name = "ServerUnavailableError";
  readonly rpc: RpcError;

  constructor(rpc: RpcError) {
    super(rpc.message);
    this.rpc = rpc;
  }
}

/** The JSON-RPC error for calls that a run's end has failed: says why, carries the run id, says whether to try again. */
export function runEndedError(input: { server: string; runId: string; verdict: Verdict }): RpcError {
  const { server, runId, verdict } = input;
  const remedy = verdict.remedy === undefined ? "" : ` ${verdict.remedy}`;
  return {
    code: "server_unavailable",
    message: `${server}: ${verdict.summary}${remedy} (run ${runId})`,
    data: {
      server,
      runId,
      verdict: { kind: verdict.kind, confidence: verdict.confidence, summary: verdict.summary },
      retryable: !lastingKinds.has(verdict.kind),
    },
  };
}

/** Why a server will not run as things are, and what to do. */
export interface NotRunnable {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** The JSON-RPC error for a server that will not run as things are. */
export function notRunnableError(server: string, problem: NotRunnable): RpcError {
  return {
    code: "server_unavailable",
    message: `${server}: ${sentenceWithRemedy(problem.message, problem.remedy)}`,
    data: { server, reason: problem.code, retryable: problem.code === "engine_unavailable" },
  };
}

export function sentenceWithRemedy(message: string, remedy: string): string {
  return `${message} ${remedy.trim()}`.trim();
}

/** For calls to a server that keeps failing: the last verdict, and how to go on. */
export function restingError(input: {
  readonly server: string;
  readonly problem: NotRunnable;
  readonly lastVerdict: ServerRecord["lastVerdict"];
  readonly nextTryAt: string | null;
}): RpcError {
  const { server, problem, lastVerdict, nextTryAt } = input;
  const run = lastVerdict === null ? "" : ` (run ${lastVerdict.runId})`;
  const { kind, confidence, summary } = lastVerdict?.verdict ?? {};
  return {
    code: "server_unavailable",
    message: `${server}: ${sentenceWithRemedy(problem.message, problem.remedy)}${run}`,
    data: {
      server,
      reason: problem.code,
      runId: lastVerdict?.runId,
      verdict: lastVerdict === null ? undefined : { kind, confidence, summary },
      retryable: nextTryAt !== null,
      ...(nextTryAt === null ? {} : { retryAt: nextTryAt }),
    },
  };
}

/** For calls to a server that a person stopped. */
export function heldError(server: string, intent: StopIntent): RpcError {
  const note = intent.reason.kind === "user" && intent.reason.note !== undefined ? ` (${intent.reason.note})` : "";
  return notRunnableError(server, {
    code: "stopped_by_user",
    message: `Stopped by ${intent.actor}${note}.`,
    remedy: "Start it on the dashboard.",
  });
}

/** For calls to a run whose engine went away: its stdio can never come back, and a new run begins when the engine does. */
export function cutOffError(input: {
  readonly server: string;
  readonly runId: string;
  readonly isEngineAway: boolean;
}): RpcError {
  const { server, runId, isEngineAway } = input;
  const message = isEngineAway
    ? "Docker stopped answering, and the connection to the container is lost. It starts anew as soon as Docker is back: call again then."
    : "The connection to the container is lost, and it starts anew: call again.";
  const reason = isEngineAway ? "engine_unavailable" : "cut_off";
  return {
    code: "server_unavailable",
    message: `${server}: ${message} (run ${runId})`,
    data: { server, reason, runId, retryable: true },
  };
}

/** For a call that waited for a free place among all containers. */
export function noRoomError(input: {
  readonly server: string;
  readonly maxContainers: number;
  readonly waitedMs: number;
}): RpcError {
  const { server, maxContainers, waitedMs } = input;
  return {
    code: "limit_exceeded",
    message: `${server}: all ${maxContainers} containers that max_containers allows are in use, and none became free within ${formatDuration(waitedMs)}. Stop a server, or raise max_containers in docker_isolation; it starts as soon as there is a place.`,
    data: { server, reason: "max_containers", retryable: true },
  };
}

/** For a session that would get a run of its own. */
export function tooManySessionsError(server: string, maxSessions: number): RpcError {
  return {
    code: "limit_exceeded",
    message: `${server}: ${maxSessions} sessions have a run of their own, the most that max_sessions allows. Close one of them, or raise max_sessions in its isolation.`,
    data: { server, reason: "too_many_sessions", retryable: true },
  };
}
