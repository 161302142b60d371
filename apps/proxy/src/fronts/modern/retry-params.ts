import { z } from "zod";
import type { RpcError } from "../../bridge/rpc-error.ts";
import type { RequestMessage } from "../../bridge/scan-message.ts";

const paramsSchema = z.looseObject({
  requestState: z.string().optional(),
  inputResponses: z.record(z.string(), z.looseObject({})).optional(),
});
const requestSchema = z.object({ params: paramsSchema.default({}) });

/** The params of a request as an object, with what a retry brings. */
export type RetryParams = z.infer<typeof paramsSchema>;

export type RetryReading =
  | { readonly kind: "params"; readonly params: RetryParams }
  | { readonly kind: "invalid"; readonly error: RpcError };

/** Parses the params of a request: for the rare ones that go on with an earlier one, or will have to. */
export function readRetryParams({ bytes }: RequestMessage): RetryReading {
  const parsed = requestSchema.safeParse(JSON.parse(bytes.toString()));
  if (parsed.success) return { kind: "params", params: parsed.data.params };
  return { kind: "invalid", error: { code: "invalid_params", message: z.prettifyError(parsed.error) } };
}
