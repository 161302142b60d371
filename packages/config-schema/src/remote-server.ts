import { findNodeAtLocation, type Node } from "jsonc-parser";
import * as z from "zod";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, type ConfigSource } from "./config-source.ts";
import { serverNameField } from "./config-fields.ts";
import { isolationShape } from "./isolation-shape.ts";
import { toolsField } from "./tools-field.ts";

/** A server somewhere else that MCPProxy talks to over HTTP. */
export interface RemoteTarget {
  readonly url: string;
  /** http: Streamable HTTP. sse: HTTP+SSE of revision 2024-11-05. */
  readonly transport: "http" | "sse";
  /** As the file has them, with `${env:NAME}` and `${file:/path}`; all values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** The references that stood in a header, by its name, once they are replaced. */
  readonly references?: Readonly<Record<string, readonly string[]>>;
}

const transports = {
  http: "http",
  "streamable-http": "http",
  streamable_http: "http",
  streamableHttp: "http",
  sse: "sse",
} as const;

/** What MCPProxy writes itself. */
const ownHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "host",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** https://www.rfc-editor.org/rfc/rfc9110#name-field-names */
const headerName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/, { error: "is not the name of a header." })
  .refine((name) => !ownHeaders.has(name.toLowerCase()), { error: "is a header that MCPProxy writes itself." });
const headerValue = z.string().regex(/^[^\0\r\n]*$/, { error: "holds a line break or a NUL character." });

const urlField = z
  .string()
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem === undefined) return;
    const { message, remedy } = problem;
    context.addIssue({ code: "custom", message, params: { remedy } });
  })
  .describe("Address of a remote server: https://…, or http:// on this machine. In place of command.");

/** What a remote server can be told; limits and mounts have no meaning for it. */
const remoteIsolationObject = z.strictObject({
  timeout: isolationShape.timeout,
  stop_timeout: isolationShape.stop_timeout,
  start: isolationShape.start,
  idle_timeout: isolationShape.idle_timeout,
  health_check: isolationShape.health_check,
  restart: isolationShape.restart,
  scope: isolationShape.scope,
  max_sessions: isolationShape.max_sessions,
  ca_certificates: isolationShape.ca_certificates,
});

/** One entry of `mcpServers` that points at a server somewhere else. */
export const remoteEntryObject = z.looseObject({
  url: urlField,
  type: z.enum(["http", "streamable-http", "streamable_http", "streamableHttp", "sse"]).prefault("http"),
  headers: z
    .record(headerName, headerValue)
    .prefault({})
    .describe("Sent with every request; values are treated as secrets. ${env:NAME} and ${file:/path} are replaced."),
  enabled: z.boolean().prefault(true),
  disabled: z.boolean().prefault(false).describe("Other clients' way to say enabled: false."),
  tools: toolsField.optional(),
  isolation: remoteIsolationObject.prefault({}),
});

/** The same with its name, as the list form has it. */
export const namedRemoteObject = remoteEntryObject.extend({ name: serverNameField });

export const remoteIsolationKeys: readonly string[] = Object.keys(remoteIsolationObject.shape);

/** Gives the keys of a remote server the names of the domain; its command is its address as it may be shown. */
export function fromRawRemote(raw: z.output<typeof namedRemoteObject>) {
  const remote: RemoteTarget = { url: raw.url, transport: transports[raw.type], headers: raw.headers };
  return {
    name: raw.name,
    command: shownUrl(raw.url),
    args: [],
    env: {},
    workingDir: undefined,
    isEnabled: raw.enabled && !raw.disabled,
    tools: raw.tools,
    isolation: raw.isolation,
    remote,
  };
}

/** An address without what may be secret in it: the values of its query. */
export function shownUrl(url: string): string {
  const { origin = "", path = "", query } = partsOf(url) ?? {};
  return `${origin}${path}${query === undefined ? "" : "?…"}`;
}

/** Whether an entry points at a server somewhere else instead of starting one. */
export function isRemoteEntry(node: Node): boolean {
  if (findNodeAtLocation(node, ["url"]) !== undefined) return true;
  const type: unknown = findNodeAtLocation(node, ["type"])?.value;
  return typeof type === "string" && /^(?:http|sse|streamable[-_]?http|ws)$/i.test(type);
}

/** The issue of an entry that would both start a server and point at one. */
export function twoKindsIssue(
  source: ConfigSource,
  at: { readonly node: Node; readonly server: string | null },
): ConfigIssue | undefined {
  const command = findNodeAtLocation(at.node, ["command"]);
  if (command === undefined) return undefined;
  const text = {
    message: `"${at.server}" has a command, and is a remote server by its url or type: which of them is meant?`,
    remedy: "Remove one of them.",
  };
  return issueAtNode(source, { node: command, server: at.server }, text);
}

interface Problem {
  readonly message: string;
  readonly remedy: string;
}

/** The address is left out of all messages: it may hold a token. */
function urlProblem(text: string): Problem | undefined {
  if (/\$\{/.test(text))
    return { message: "holds a reference.", remedy: "Secrets of a remote server belong into its headers." };
  const url = partsOf(text);
  if (url === undefined)
    return { message: "is no address.", remedy: 'Write it as in "url": "https://mcp.example.com/mcp".' };
  if (url.user !== undefined)
    return {
      message: "holds a user name or a password.",
      remedy: 'Write them as a header: "headers": { "Authorization": "Basic ${env:NAME}" }.',
    };
  const scheme = url.scheme?.toLowerCase();
  if (scheme === "https" || (scheme === "http" && isLoopback(url.host?.toLowerCase() ?? ""))) return undefined;
  return {
    message: "must begin with https://, or with http:// for a server on this machine.",
    remedy: "Without TLS everybody on the way can read and change what is said.",
  };
}

const urlPattern =
  /^(?<origin>(?<scheme>https?):\/\/(?<user>[^/?#@]*@)?(?<host>\[[\da-f:.]+\]|[^\s/?#@:[\]\\]+)(?::\d{1,5})?)(?<path>\/[^\s?#\\]*)?(?<query>\?[^\s#]*)?$/i;

/** This package knows no URL class; what it lets through, that class reads in the same way. */
function partsOf(text: string): Readonly<Partial<Record<string, string>>> | undefined {
  return urlPattern.exec(text)?.groups;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
