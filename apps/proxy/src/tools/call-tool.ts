import { z } from "zod";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import { AppError } from "../app-error.ts";
import { answerOf } from "./answer-of.ts";
import { requestServer } from "./request-server.ts";
import type { JsonObject, ToolOutcome } from "./tool-record.ts";

export interface ToolCall {
  readonly tool: string;
  readonly args: JsonObject;
  readonly timeoutMs: number;
  /** Nobody waits any more: the call is cancelled at the server. */
  readonly signal?: AbortSignal | undefined;
}

/** What a page can show at most. */
const resultBytesMax = 4 * 1024 * 1024;

const resultSchema = z.object({
  isError: z.boolean().catch(false),
  content: z.array(z.looseObject({})).catch([]),
  structuredContent: z.looseObject({}).optional().catch(undefined),
});

/** Calls one tool and tells what came of it. Throws AppError server_not_runnable when it takes longer than its time. */
export async function callTool(
  parts: Parameters<typeof requestServer>[0],
  { tool, args, timeoutMs, signal, redact }: ToolCall & { readonly redact: Redactor },
): Promise<ToolOutcome> {
  const startedMs = performance.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const ended = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  const request = { method: "tools/call", params: { name: tool, arguments: args }, signal: ended };
  const bytes = await requestServer(parts, request).catch((error: unknown) => {
    if (!timeout.aborted) throw error;
    const seconds = Math.round(timeoutMs / 1_000);
    throw new AppError(
      "server_not_runnable",
      `"${tool}" did not answer within ${seconds} s; the call was cancelled. Give it more time, or look at the server's log.`,
      { cause: error },
    );
  });
  const durationMs = Math.round(performance.now() - startedMs);
  if (bytes.length > resultBytesMax) return { kind: "too-large", sizeBytes: bytes.length, durationMs };
  const answer = answerOf(bytes, redact);
  if (answer.kind === "error") return { ...answer, durationMs };
  const { isError, content, structuredContent = null } = resultSchema.parse(answer.result);
  return { kind: "result", isError, content, structuredContent, durationMs };
}
