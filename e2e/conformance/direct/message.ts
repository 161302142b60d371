import { z } from "zod";

const metaSchema = z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() });

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({ _meta: metaSchema.optional() }).optional(),
  result: z.looseObject({ _meta: metaSchema.optional() }).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

/** One JSON-RPC message, as far as the bridge between HTTP and the fixture reads it. */
export type Message = z.infer<typeof messageSchema>;

/** Reads a message; throws when the text is not one. */
export function parseMessage(text: string): Message {
  return messageSchema.parse(JSON.parse(text));
}

const prefix = "io.modelcontextprotocol/";
export const versionKey = `${prefix}protocolVersion`;
export const capabilitiesKey = `${prefix}clientCapabilities`;
export const subscriptionKey = `${prefix}subscriptionId`;

/** An answer that is an error. */
export function errorMessage({ id, code, message }: { id: Message["id"]; code: number; message: string }): Message {
  return { jsonrpc: "2.0", ...(id !== undefined && { id }), error: { code, message } };
}
