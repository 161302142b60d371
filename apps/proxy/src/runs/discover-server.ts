import { z } from "zod";
import { envelopeMembers, metaKeys, modernVersion } from "../bridge/envelope.ts";
import type { HandshakeAnswer } from "./handshake.ts";
import { newestLegacyVersion, problemsOf } from "./initialize-server.ts";

const discoverSchema = z.looseObject({
  supportedVersions: z.array(z.string()),
  capabilities: z.looseObject({}),
  instructions: z.string().optional(),
  _meta: z.looseObject({ [metaKeys.serverInfo]: z.looseObject({ name: z.string() }).optional() }).optional(),
});
const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z
    .looseObject({ code: z.number(), data: z.looseObject({ supported: z.array(z.string()).optional() }).optional() })
    .optional(),
});
const unsupportedVersion = -32022;

/** https://modelcontextprotocol.io/specification/2026-07-28/server/discover */
export function discoverRequest(version: string): object {
  const clientInfo = { name: "mcpproxy", title: "MCPProxy", version };
  const envelope: unknown = JSON.parse(`{${envelopeMembers({ capabilities: {}, clientInfo }, undefined)}}`);
  return { jsonrpc: "2.0", id: 0, method: "server/discover", params: { _meta: envelope } };
}

/** A result of server/discover, or the error of a server of another modern revision; all else is the legacy era. */
export function isModernServer(answer: Buffer): boolean {
  const { result, error } = answerSchema.parse(JSON.parse(answer.toString()));
  return error === undefined ? discoverSchema.safeParse(result).success : error.code === unsupportedVersion;
}

/** What is known of a modern server, also as the result of initialize that its clients of the legacy era get. */
export function asHandshake(answer: Buffer): HandshakeAnswer {
  const { result, error } = answerSchema.parse(JSON.parse(answer.toString()));
  const parsed = discoverSchema.safeParse(result);
  const supported = parsed.success ? parsed.data.supportedVersions : (error?.data?.supported ?? []);
  if (!supported.includes(modernVersion) || !parsed.success) {
    const known = supported.join(", ") || (parsed.success ? "none" : problemsOf(parsed.error));
    return { kind: "error_answer", message: `the server speaks ${known}; MCPProxy speaks ${modernVersion}` };
  }
  const { capabilities, instructions, _meta } = parsed.data;
  return {
    kind: "initialized",
    handshake: {
      era: "modern",
      protocolVersion: modernVersion,
      discovered: parsed.data,
      result: {
        protocolVersion: newestLegacyVersion,
        capabilities,
        serverInfo: { version: "", ...(_meta?.[metaKeys.serverInfo] ?? { name: "server" }) },
        ...(instructions === undefined ? {} : { instructions }),
      },
    },
  };
}
