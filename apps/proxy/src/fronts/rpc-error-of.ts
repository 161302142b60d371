import type { RpcError } from "../bridge/rpc-error.ts";
import type { Connection } from "../runs/connection.ts";
import { ServerUnavailableError } from "../runs/run-failure.ts";

/** What a client is told: the reason of an expected failure, no inner details of a bug, which go to main.log. */
export function rpcErrorOf(error: unknown, connection: Pick<Connection, "reportBug">): RpcError {
  if (error instanceof ServerUnavailableError) return error.rpc;
  connection.reportBug(error);
  return { code: "internal_error", message: "MCPProxy failed to handle the message; see main.log" };
}
