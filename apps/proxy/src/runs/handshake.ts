import { z } from "zod";
import type { Bridge } from "../bridge/bridge.ts";
import { scanMessage } from "../bridge/scan-message.ts";
import { createSession } from "../bridge/session.ts";

/** Newest revision of the legacy era; https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle */
export const newestLegacyVersion = "2025-11-25";

/** The server's answer to initialize, kept for every session that comes. */
export interface Handshake {
  readonly protocolVersion: string;
  /** The whole result as an object, unknown fields included. */
  readonly result: Readonly<Record<string, unknown>>;
}

export type HandshakeAnswer =
  | { readonly kind: "initialized"; readonly handshake: Handshake }
  | { readonly kind: "error_answer" | "invalid_answer"; readonly message: string };

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

/** Sends initialize and, after a valid answer, notifications/initialized. Waits as long as the server lives; the caller has the deadline. */
export async function shakeHands(bridge: Bridge, version: string): Promise<HandshakeAnswer> {
  const answer = await askInitialize(bridge, version);
  const parsed = answerSchema.safeParse(JSON.parse(answer.toString()));
  if (!parsed.success) return { kind: "invalid_answer", message: z.prettifyError(parsed.error) };
  const { result, error } = parsed.data;
  if (error !== undefined) return { kind: "error_answer", message: `${error.message} (${error.code})` };
  if (result === undefined) return { kind: "invalid_answer", message: "the answer has no result" };
  const initialized = scanMessage(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
  if (initialized.kind === "notification") bridge.notification(proxySession, initialized);
  return { kind: "initialized", handshake: { protocolVersion: result.protocolVersion, result } };
}

/** MCPProxy's own side of the conversation. */
const proxySession = createSession("mcpproxy", () => undefined);

function askInitialize(bridge: Bridge, version: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const request = scanMessage(Buffer.from(JSON.stringify(initializeRequest(version))));
  if (request.kind !== "request") throw new Error("initialize is a request");
  bridge.request(proxySession, request, {
    onMessage: () => false,
    onResult: resolve,
    onCancelled: () => reject(new Error("initialize was cancelled")),
  });
  return promise;
}

/** A shared server is asked once for all its clients, so MCPProxy declares what any of them may be able to do. */
function initializeRequest(version: string): object {
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
