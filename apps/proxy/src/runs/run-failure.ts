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
    message: `${server}: ${problem.message} ${problem.remedy}`.trim(),
    data: { server, reason: problem.code, retryable: problem.code === "engine_unavailable" },
  };
}
