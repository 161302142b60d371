import type { IncomingHttpHeaders } from "node:http";
import { capabilitiesKey, errorMessage, versionKey, type Message } from "./message.ts";

const headerMismatch = -32_020;
const invalidParams = -32_602;
const base64Value = /^=\?base64\?(.*)\?=$/;
const strictBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const methodsWithName = ["tools/call", "prompts/get", "resources/read"];

/** The only header of the fixture's tools: test_custom_header repeats its argument `region`. */
const customHeader = { tool: "test_custom_header", header: "mcp-param-region", argument: "region" };

/** What is wrong with the headers of a modern request, as the answer to send with status 400. */
export function findHeaderProblem(headers: IncomingHttpHeaders, message: Message): Message | undefined {
  const meta = message.params?._meta ?? {};
  const isDescribed = typeof meta[versionKey] === "string" && typeof meta[capabilitiesKey] === "object";
  if (headers["mcp-protocol-version"] !== undefined && !isDescribed) {
    return errorMessage({ id: message.id, code: invalidParams, message: "params._meta does not describe the request" });
  }
  const mismatch =
    mismatchOf({ name: "MCP-Protocol-Version", header: headers["mcp-protocol-version"], value: meta[versionKey] }) ??
    mismatchOf({ name: "Mcp-Method", header: headers["mcp-method"], value: message.method }) ??
    nameMismatch(headers, message) ??
    customMismatch(headers, message);
  return mismatch === undefined ? undefined : errorMessage({ id: message.id, code: headerMismatch, message: mismatch });
}

function nameMismatch(headers: IncomingHttpHeaders, { method = "", params = {} }: Message): string | undefined {
  if (!methodsWithName.includes(method)) return undefined;
  const value = method === "resources/read" ? params["uri"] : params["name"];
  return mismatchOf({ name: "Mcp-Name", header: headers["mcp-name"], value });
}

function customMismatch(headers: IncomingHttpHeaders, { method, params = {} }: Message): string | undefined {
  if (method !== "tools/call" || params["name"] !== customHeader.tool) return undefined;
  const given = Object(params["arguments"]);
  return mismatchOf({
    name: customHeader.header,
    header: headers[customHeader.header],
    value: given[customHeader.argument],
  });
}

function mismatchOf({
  name,
  header,
  value,
}: {
  readonly name: string;
  readonly header: string | string[] | undefined;
  readonly value: unknown;
}): string | undefined {
  const decoded = typeof header === "string" ? decode(header.trim()) : undefined;
  return decoded === value ? undefined : `The header ${name} is ${String(header)}, the body says ${String(value)}`;
}

/** The value of a header; undefined when it is no valid Base64 although it says so. */
function decode(header: string): string | undefined {
  const encoded = base64Value.exec(header)?.[1];
  if (encoded === undefined) return header;
  return strictBase64.test(encoded) ? Buffer.from(encoded, "base64").toString() : undefined;
}
