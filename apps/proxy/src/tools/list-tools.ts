import { z } from "zod";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import { AppError } from "../app-error.ts";
import { answerOf } from "./answer-of.ts";
import { requestServer } from "./request-server.ts";
import type { ToolRecord } from "./tool-record.ts";

const toolsMax = 2_000;
const pagesMax = 100;

const toolSchema = z.looseObject({
  name: z.string(),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.looseObject({}).catch({}),
  outputSchema: z.looseObject({}).optional().catch(undefined),
  annotations: z.looseObject({}).optional().catch(undefined),
});
const pageSchema = z.object({
  tools: z.array(z.unknown()).catch([]),
  nextCursor: z.string().optional().catch(undefined),
});

/** All tools of a server, page by page; what is no tool is left out. Throws AppError server_not_runnable. */
export async function listTools(
  parts: Parameters<typeof requestServer>[0],
  { redact, signal }: { readonly redact: Redactor; readonly signal: AbortSignal },
): Promise<{ readonly tools: readonly ToolRecord[]; readonly isCut: boolean }> {
  const tools: ToolRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax && tools.length < toolsMax; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = answerOf(await requestServer(parts, { method: "tools/list", params, signal }), redact);
    if (answer.kind === "error")
      throw new AppError("server_not_runnable", `The server does not list its tools: ${answer.message}`);
    const { tools: found, nextCursor } = pageSchema.parse(answer.result);
    tools.push(...found.flatMap((tool) => toRecord(tool) ?? []));
    if (nextCursor === undefined) return { tools: tools.slice(0, toolsMax), isCut: tools.length > toolsMax };
    cursor = nextCursor;
  }
  return { tools: tools.slice(0, toolsMax), isCut: true };
}

function toRecord(tool: unknown): ToolRecord | undefined {
  const parsed = toolSchema.safeParse(tool);
  if (!parsed.success) return undefined;
  const { name, title, description, inputSchema, outputSchema, annotations } = parsed.data;
  return {
    name,
    title: title ?? null,
    description: description ?? null,
    inputSchema,
    outputSchema: outputSchema ?? null,
    annotations: annotations ?? {},
  };
}
