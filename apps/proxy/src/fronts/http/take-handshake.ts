import { z } from "zod";
import type { CallSink } from "../../bridge/session.ts";
import type { HttpSession, HttpSessions } from "./http-sessions.ts";

const answerSchema = z.object({ result: z.object({ protocolVersion: z.string() }) });
/** From this revision on, clients know events without data. */
const firstPrimedVersion = "2025-11-25";

/** Takes over what initialize agreed on. A client whose initialize failed comes again: the session of the failed one is nobody's. */
export function takeHandshake(
  answer: CallSink,
  { http, sessions }: { readonly http: HttpSession; readonly sessions: HttpSessions },
): CallSink {
  return {
    ...answer,
    onResult(message) {
      const protocolVersion = answerSchema.safeParse(JSON.parse(message.toString())).data?.result.protocolVersion;
      http.protocolVersion = protocolVersion;
      http.streams.isPrimed = protocolVersion !== undefined && protocolVersion >= firstPrimedVersion;
      answer.onResult(message);
      if (protocolVersion === undefined) sessions.end(http);
    },
  };
}
