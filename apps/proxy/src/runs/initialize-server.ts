import { z } from "zod";
import type { HandshakeAnswer } from "./handshake.ts";

/** Newest revision of the legacy era; https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle */
export const newestLegacyVersion = "2025-11-25";

const answerSchema = z.object({
  result: z
    .looseObject({
      protocolVersion: z.string(),
      capabilities: z.looseObject({}),
      serverInfo: z.looseObject({ name: z.string() }),
    })
    .optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

/** A shared server is asked once for all its clients, so MCPProxy declares what any of them may be able to do. */
export function initializeRequest(version: string): object {
  return {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: newestLegacyVersion,
      capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: { form: {}, url: {} } },
      clientInfo: { name: "mcpproxy", title: "MCPProxy", version },
    },
  };
}

export function readInitializeAnswer(answer: Buffer): HandshakeAnswer {
  const parsed = answerSchema.safeParse(JSON.parse(answer.toString()));
  if (!parsed.success) return { kind: "invalid_answer", message: problemsOf(parsed.error) };
  const { result, error } = parsed.data;
  if (error !== undefined) return { kind: "error_answer", message: `${error.message} (${error.code})` };
  if (result === undefined) return { kind: "invalid_answer", message: "the answer has no result" };
  return { kind: "initialized", handshake: { era: "legacy", protocolVersion: result.protocolVersion, result } };
}

/** Where an answer is not as it has to be, and how. */
export function problemsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".") || "the answer"}: ${message}`).join("; ");
}
