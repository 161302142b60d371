/** String codes inside, JSON-RPC numbers on the wire. -32000 to -32099 is the range for implementations (JSON-RPC 2.0 §5.1). */
const wireCodes = {
  parse_error: -32700,
  invalid_request: -32600,
  method_not_found: -32601,
  invalid_params: -32602,
  internal_error: -32603,
  /** The server's run ended, or could not start. data: {runId, verdict, retryable} */
  server_unavailable: -32000,
  /** A bound of MCPProxy was reached. */
  limit_exceeded: -32001,
  /** https://modelcontextprotocol.io/specification/2025-11-25/server/resources#error-handling */
  resource_not_found: -32002,
  /** https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes */
  header_mismatch: -32020,
  missing_capability: -32021,
  unsupported_version: -32022,
} as const;

export type RpcErrorCode = keyof typeof wireCodes;

export interface RpcError {
  readonly code: RpcErrorCode;
  readonly message: string;
  readonly data?: unknown;
}

/** A JSON-RPC error response; idText is the raw JSON of the request's id. */
export function errorResponse(idText: string, error: RpcError): Buffer {
  const body = JSON.stringify({ code: wireCodes[error.code], message: error.message, data: error.data });
  return Buffer.from(`{"jsonrpc":"2.0","id":${idText},"error":${body}}`);
}

export function resultResponse(idText: string, resultText: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${idText},"result":${resultText}}`);
}
