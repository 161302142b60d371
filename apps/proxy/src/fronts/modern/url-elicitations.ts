import { z } from "zod";
import { spanText, type ResponseMessage } from "../../bridge/scan-message.ts";
import type { InputRequest } from "./input-requests.ts";

/** Revision 2025-11-25 only: the server cannot go on before the user has visited some URLs. */
const urlElicitationRequired = "-32042";
const errorSchema = z.object({
  error: z.object({
    data: z.object({
      elicitations: z.array(z.looseObject({ elicitationId: z.string(), url: z.string(), message: z.string() })).min(1),
    }),
  }),
});

/** The elicitations of such an error, by name; undefined for any other answer. */
export function readUrlElicitations({
  errorCode,
  bytes,
}: ResponseMessage): ReadonlyMap<string, InputRequest> | undefined {
  if (errorCode === undefined || spanText(bytes, errorCode) !== urlElicitationRequired) return undefined;
  const parsed = errorSchema.safeParse(JSON.parse(bytes.toString()));
  if (!parsed.success) return undefined;
  return new Map(
    parsed.data.error.data.elicitations.map(({ elicitationId, url, message }) => [
      elicitationId,
      { method: "elicitation/create", params: { mode: "url", url, message } },
    ]),
  );
}
