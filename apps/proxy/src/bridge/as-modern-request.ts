import { envelopeMembers, withMetaMembers } from "./envelope.ts";
import type { RequestMessage } from "./scan-message.ts";
import type { OutgoingRequest } from "./server-side.ts";

/** Adds the envelope; https://modelcontextprotocol.io/specification/2026-07-28/basic#meta */
export function asModernRequest(request: OutgoingRequest): OutgoingRequest {
  const { session, message } = request;
  const envelope = withMetaMembers(message, envelopeMembers(session.identity, session.loggingLevel));
  return { ...request, edits: [...(request.edits ?? []), envelope], isKept: mayNeedInput(message) };
}

/** https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#supported-requests */
function mayNeedInput({ method, params }: RequestMessage): boolean {
  const isSupported = method === "tools/call" || method === "prompts/get" || method === "resources/read";
  return isSupported && params?.isEmpty === false;
}
