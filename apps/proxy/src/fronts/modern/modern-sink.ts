import { errorResponse, type RpcError, type RpcErrorCode } from "../../bridge/rpc-error.ts";
import { spanText, type ResponseMessage } from "../../bridge/scan-message.ts";

/** Where the answer to one request of a client of the modern era goes. */
export interface ModernSink {
  /** A notification that belongs to the request. False when the client cannot be reached. */
  onMessage(message: Buffer): boolean;
  /** The last message. The status is for HTTP, when nothing was sent before. */
  onResult(message: Buffer, httpStatus: number): void;
}

/** A request in work, as the front sees it. */
export interface ModernCall {
  /** The client does not wait for the answer any more. */
  cancel(): void;
}

/** Statuses that the revision asks for; https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http */
const statusOfCode: Readonly<Partial<Record<RpcErrorCode, number>>> = {
  parse_error: 400,
  invalid_request: 400,
  method_not_found: 404,
  header_mismatch: 400,
  missing_capability: 400,
  unsupported_version: 400,
};
const statusOfServerCode: ReadonlyMap<string, number> = new Map([
  ["-32601", 404],
  ["-32021", 400],
  ["-32022", 400],
]);

export function refuseModern(sink: ModernSink, idText: string, error: RpcError): void {
  sink.onResult(errorResponse(idText, error), statusOfCode[error.code] ?? 200);
}

/** The HTTP status of an answer that comes from the server. */
export function statusOfAnswer({ errorCode, bytes }: ResponseMessage): number {
  return errorCode === undefined ? 200 : (statusOfServerCode.get(spanText(bytes, errorCode)) ?? 200);
}
