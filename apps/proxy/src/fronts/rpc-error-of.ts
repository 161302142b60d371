import type { RpcError } from "../bridge/rpc-error.ts";
import { ServerUnavailableError } from "../runs/run-failure.ts";

/** What a client is told: the reason of an expected failure, no inner details of a bug. */
export function rpcErrorOf(error: unknown): RpcError {
  if (error instanceof ServerUnavailableError) return error.rpc;
  return { code: "internal_error", message: "MCPProxy failed to handle the message; see main.log" };
}
