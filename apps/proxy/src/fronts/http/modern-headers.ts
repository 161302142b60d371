import type { IncomingHttpHeaders } from "node:http";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { spanString, type RequestMessage } from "../../bridge/scan-message.ts";
import { decodeHeaderValue } from "../modern/header-value.ts";

/** What `Mcp-Name` repeats of the params; for tasks as their extension says. */
const nameSources: Readonly<Record<string, "name" | "uri" | "taskId">> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

/**
 * Compares the headers of a request with its body; undefined when they agree.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
 */
export function headerMismatch(
  headers: IncomingHttpHeaders,
  message: RequestMessage,
  version: string,
): RpcError | undefined {
  const problem =
    mismatch("MCP-Protocol-Version", headers["mcp-protocol-version"], version) ??
    mismatch("Mcp-Method", headers["mcp-method"], message.method) ??
    nameMismatch(headers["mcp-name"], message);
  return problem === undefined ? undefined : { code: "header_mismatch", message: `Header mismatch: ${problem}` };
}

function nameMismatch(header: string | readonly string[] | undefined, message: RequestMessage): string | undefined {
  const source = Object.hasOwn(nameSources, message.method) ? nameSources[message.method] : undefined;
  const value = source === undefined ? undefined : spanString(message.bytes, message[source]);
  if (value === undefined) return undefined;
  if (typeof header !== "string") return mismatch("Mcp-Name", header, value);
  const decoded = decodeHeaderValue(header.trim());
  return decoded === undefined ? "the Mcp-Name header is not valid Base64" : mismatch("Mcp-Name", decoded, value);
}

function mismatch(name: string, header: string | readonly string[] | undefined, body: string): string | undefined {
  if (typeof header !== "string") return `the ${name} header is missing; the body says '${body}'`;
  const value = header.trim();
  return value === body ? undefined : `the ${name} header says '${value}', the body says '${body}'`;
}
