import { z } from "zod";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import { redactJson } from "./redact-json.ts";

const answerSchema = z.object({
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

export type ServerAnswer =
  | { readonly kind: "result"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly code: number; readonly message: string };

/** What a server answered, with secrets masked; an answer that is none of JSON-RPC counts as an error. */
export function answerOf(bytes: Buffer, redact: Redactor): ServerAnswer {
  const parsed = answerSchema.safeParse(redactJson(JSON.parse(bytes.toString()), redact));
  if (!parsed.success) return { kind: "error", code: 0, message: "The answer is none of JSON-RPC." };
  const { result, error } = parsed.data;
  if (error !== undefined) return { kind: "error", code: error.code, message: error.message };
  return { kind: "result", result: result ?? {} };
}
