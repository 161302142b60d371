import type { ServerResponse } from "node:http";
import { errorResponse, type RpcError } from "../../bridge/rpc-error.ts";

/** Answers an HTTP request with a JSON-RPC error; `idText` is the raw JSON of the id, where it could be read. */
export function answerRefusal(
  response: ServerResponse,
  { status, error, idText = "null" }: { readonly status: number; readonly error: RpcError; readonly idText?: string },
): void {
  const body = errorResponse(idText, error);
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length }).end(body);
}
