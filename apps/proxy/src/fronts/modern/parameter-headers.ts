import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { RpcError } from "../../bridge/rpc-error.ts";
import { spanString, type RequestMessage } from "../../bridge/scan-message.ts";
import { decodeHeaderValue } from "./header-value.ts";
import { isObject } from "./read-envelope.ts";

/** A parameter of a tool that clients repeat as `Mcp-Param-<header>`. */
interface ParameterHeader {
  readonly header: string;
  /** Property names from the arguments down to it. */
  readonly path: readonly string[];
}

const annotation = "x-mcp-header";
const marker = Buffer.from(annotation);
const maxTools = 10_000;
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const listSchema = z.object({
  result: z.object({ tools: z.array(z.object({ name: z.string(), inputSchema: z.unknown() })) }),
});
const callSchema = z.object({ params: z.object({ arguments: z.unknown() }) });

/**
 * Which parameters of a server's tools are repeated in headers, as its lists of tools have told so far;
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers-from-tool-parameters
 */
export class ParameterHeaders {
  private readonly byTool = new Map<string, readonly ParameterHeader[]>();

  /** Reads an answer to tools/list; most have no such parameters, which costs one search. */
  learn(answer: Buffer): void {
    if (this.byTool.size === 0 && !answer.includes(marker)) return;
    const parsed = listSchema.safeParse(JSON.parse(answer.toString()));
    for (const { name, inputSchema } of parsed.data?.result.tools ?? []) {
      const headers = declaredIn(inputSchema, []);
      if (headers.length === 0) this.byTool.delete(name);
      else if (this.byTool.size < maxTools) this.byTool.set(name, headers);
    }
  }

  /** Compares the headers of a call with its arguments; undefined when they agree. */
  mismatch(headers: IncomingHttpHeaders, { method, name, bytes }: RequestMessage): RpcError | undefined {
    if (this.byTool.size === 0 || method !== "tools/call") return undefined;
    const declared = this.byTool.get(spanString(bytes, name) ?? "");
    if (declared === undefined) return undefined;
    const values = callSchema.safeParse(JSON.parse(bytes.toString())).data?.params.arguments;
    for (const { header, path } of declared) {
      const problem = problemOf(headers[`mcp-param-${header.toLowerCase()}`], valueAt(values, path));
      if (problem !== undefined)
        return { code: "header_mismatch", message: `Header mismatch: Mcp-Param-${header} ${problem}` };
    }
    return undefined;
  }
}

/** Only what is reached by names of properties alone counts. */
function declaredIn(schema: unknown, path: readonly string[]): readonly ParameterHeader[] {
  if (!isObject(schema)) return [];
  const header = schema[annotation];
  const own = typeof header === "string" && headerName.test(header) && path.length > 0 ? [{ header, path }] : [];
  const { properties } = schema;
  if (!isObject(properties)) return own;
  return [...own, ...Object.entries(properties).flatMap(([name, inner]) => declaredIn(inner, [...path, name]))];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);
}

function problemOf(header: string | readonly string[] | undefined, value: unknown): string | undefined {
  if (value === undefined || value === null)
    return header === undefined ? undefined : "is there, and the argument is not";
  if (typeof header !== "string") return "is missing, and the argument is there";
  const decoded = decodeHeaderValue(header.trim());
  if (decoded === undefined) return "is not valid Base64";
  return isSame(decoded, value) ? undefined : "does not match the argument";
}

/** Integers are the same in any way of writing them. */
function isSame(header: string, value: unknown): boolean {
  if (typeof value === "number") return header !== "" && Number(header) === value;
  return header === (typeof value === "boolean" ? String(value) : value);
}
