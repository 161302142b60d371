import { metaKeys, metaValue } from "../../bridge/envelope.ts";
import { severityOf } from "../../bridge/log-levels.ts";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { spanText, type NotificationMessage, type RequestMessage } from "../../bridge/scan-message.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** What a client says with each request; https://modelcontextprotocol.io/specification/2026-07-28/basic#meta */
export interface Envelope {
  readonly version: string;
  readonly capabilities: JsonObject;
  readonly logLevel: string | undefined;
}

/** The revision that a message claims to be of; undefined for one of the legacy era. */
export function claimedVersion({ meta, bytes }: RequestMessage | NotificationMessage): unknown {
  const span = metaValue(meta, metaKeys.protocolVersion);
  return span === undefined ? undefined : JSON.parse(spanText(bytes, span));
}

/** Reads the envelope of a request, or tells what is wrong with it. */
export function readEnvelope(message: RequestMessage): Envelope | RpcError {
  const version = claimedVersion(message);
  const capabilities = valueOf(message, metaKeys.clientCapabilities);
  const clientInfo = valueOf(message, metaKeys.clientInfo);
  const logLevel = valueOf(message, metaKeys.logLevel);
  if (typeof version !== "string") return invalid(metaKeys.protocolVersion, "a string");
  if (!isObject(capabilities)) return invalid(metaKeys.clientCapabilities, "an object");
  if (clientInfo !== undefined && !isImplementation(clientInfo))
    return invalid(metaKeys.clientInfo, "an object with name and version, or left out");
  if (logLevel === undefined) return { version, capabilities, logLevel };
  if (typeof logLevel === "string" && severityOf(logLevel) !== -1) return { version, capabilities, logLevel };
  return invalid(metaKeys.logLevel, "a log level, or left out");
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueOf({ meta, bytes }: RequestMessage, key: string): unknown {
  const span = metaValue(meta, key);
  return span === undefined ? undefined : JSON.parse(spanText(bytes, span));
}

function isImplementation(value: unknown): boolean {
  return isObject(value) && typeof value["name"] === "string" && typeof value["version"] === "string";
}

function invalid(key: string, wanted: string): RpcError {
  return { code: "invalid_params", message: `params._meta["${key}"] has to be ${wanted}` };
}
