import { z } from "zod";

/** A parameter of a tool that is repeated as `Mcp-Param-<header>`. */
interface ToolHeader {
  readonly header: string;
  /** Property names from the arguments down to it. */
  readonly path: readonly string[];
}

const annotation = "x-mcp-header";
const maxTools = 10_000;
const listSchema = z.object({
  result: z.object({ tools: z.array(z.object({ name: z.string(), inputSchema: z.unknown() })) }),
});
const callSchema = z.object({ params: z.object({ name: z.string(), arguments: z.unknown() }) });

/**
 * The parameters that a remote server wants repeated in headers, as its own lists of tools have told;
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers-from-tool-parameters
 */
export class ToolHeaders {
  private readonly byTool = new Map<string, readonly ToolHeader[]>();

  /** Reads an answer to tools/list. */
  learn(answer: Buffer): void {
    if (this.byTool.size === 0 && !answer.includes(annotation)) return;
    const parsed = listSchema.safeParse(JSON.parse(answer.toString()));
    for (const { name, inputSchema } of parsed.data?.result.tools ?? []) {
      const headers = declaredIn(inputSchema, []);
      if (headers.length === 0) this.byTool.delete(name);
      else if (this.byTool.size < maxTools) this.byTool.set(name, headers);
    }
  }

  /** The headers of a tools/call. */
  headersFor(call: Buffer): Readonly<Record<string, string>> {
    if (this.byTool.size === 0) return {};
    const { params } = callSchema.safeParse(JSON.parse(call.toString())).data ?? {};
    const declared = this.byTool.get(params?.name ?? "") ?? [];
    const headers = declared.flatMap(({ header, path }): readonly (readonly [string, string])[] => {
      const value = valueAt(params?.arguments, path);
      const isSimple = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      return isSimple ? [[`mcp-param-${header}`, encodeHeaderValue(String(value))]] : [];
    });
    return Object.fromEntries(headers);
  }
}

/** https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#value-encoding */
export function encodeHeaderValue(value: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value);
  return isPlain ? value : `=?base64?${Buffer.from(value).toString("base64")}?=`;
}

function declaredIn(schema: unknown, path: readonly string[]): readonly ToolHeader[] {
  if (!isObject(schema)) return [];
  const header = schema[annotation];
  const isName = typeof header === "string" && /^[!#$%&'*+.^_`|~\w-]+$/.test(header);
  const own = isName && path.length > 0 ? [{ header, path }] : [];
  const { properties } = schema;
  if (!isObject(properties)) return own;
  return [...own, ...Object.entries(properties).flatMap(([name, inner]) => declaredIn(inner, [...path, name]))];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
