import { z } from "zod";
import { errorResponse, resultResponse } from "../bridge/rpc-error.ts";
import { spanText, type RequestMessage } from "../bridge/scan-message.ts";
import type { Client } from "./dispatch.ts";
import { negotiateVersion } from "./protocol-versions.ts";
import { rpcErrorOf } from "./rpc-error-of.ts";

const requestSchema = z.object({
  params: z.object({
    protocolVersion: z.string(),
    clientInfo: z.unknown().optional(),
    capabilities: z.looseObject({
      sampling: z.unknown().optional(),
      elicitation: z.unknown().optional(),
      roots: z.unknown().optional(),
    }),
  }),
});

/** Answers a session's initialize from the run's own handshake, after starting the server if need be. Never rejects. */
export async function answerInitialize({ connection, session }: Client, message: RequestMessage): Promise<Buffer> {
  const idText = spanText(message.bytes, message.id);
  const request = requestSchema.safeParse(JSON.parse(message.bytes.toString()));
  if (!request.success) {
    return errorResponse(idText, { code: "invalid_params", message: `initialize: ${z.prettifyError(request.error)}` });
  }
  const { protocolVersion, capabilities, clientInfo } = request.data.params;
  try {
    const handshake = await connection.ensureReady("call");
    session.capabilities = {
      sampling: capabilities.sampling !== undefined,
      elicitation: capabilities.elicitation !== undefined,
      roots: capabilities.roots !== undefined,
    };
    session.identity = { capabilities, clientInfo };
    const result = {
      ...handshake.result,
      protocolVersion: negotiateVersion(protocolVersion, handshake.protocolVersion),
    };
    return resultResponse(idText, JSON.stringify(result));
  } catch (error) {
    return errorResponse(idText, rpcErrorOf(error, connection));
  }
}
