import { randomUUID } from "node:crypto";
import { z } from "zod";
import { asModernRequest } from "./as-modern-request.ts";
import type { Call } from "./calls.ts";
import { insertMembers } from "./envelope.ts";
import { errorResponse } from "./rpc-error.ts";
import { spanText, type ResponseMessage } from "./scan-message.ts";
import type { BridgeParts } from "./server-side.ts";
import type { Session } from "./session.ts";

/** A server that asks this often for one call will not stop asking. */
const maxRounds = 50;
/** A server that wants to be asked again without any input is given this time. */
const retryAfterMs = 500;

const inputRequestSchema = z.looseObject({ method: z.string(), params: z.looseObject({}).optional() });
const answerSchema = z.object({
  result: z.looseObject({
    inputRequests: z.record(z.string(), inputRequestSchema).optional(),
    requestState: z.string().optional(),
  }),
});
type InputRequest = z.infer<typeof inputRequestSchema>;

interface Round {
  readonly call: Call;
  readonly requestState: string | undefined;
  readonly open: Map<number, { readonly key: string; readonly method: string }>;
  /** Raw JSON by the server's key. */
  readonly answers: Map<string, string>;
}

/**
 * For clients of the legacy era whose server answers `input_required`: asks the client, as servers of its era do, and
 * sends the request again with the answers; https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export class InputRounds {
  private readonly parts: BridgeParts;
  private readonly byCall = new Map<Call, Round>();
  private nextId = 1;

  constructor(parts: BridgeParts) {
    this.parts = parts;
  }

  begin(call: Call, message: ResponseMessage): void {
    const answer = answerSchema.safeParse(JSON.parse(message.bytes.toString()));
    if (!answer.success || call.request === undefined)
      return fail(call, "the server answered input_required in a form or to a request that has none");
    if (call.round >= maxRounds) return fail(call, `the server asked for input ${maxRounds} times in one call`);
    const { inputRequests = {}, requestState } = answer.data.result;
    const round: Round = { call, requestState, open: new Map(), answers: new Map() };
    // It stays in flight: the client may cancel it, and the server is not idle.
    this.parts.calls.restore(call);
    this.byCall.set(call, round);
    const requests = Object.entries(inputRequests);
    if (requests.length === 0) setTimeout(() => this.sendAgain(round), retryAfterMs);
    for (const [key, request] of requests) if (this.byCall.has(call)) this.ask(round, key, request);
  }

  /** Takes a client's answer; false when nobody asked. */
  take(session: Session, message: ResponseMessage): boolean {
    const id = Number(spanText(message.bytes, message.id));
    const round = [...this.byCall.values()].find(({ call, open }) => call.session === session && open.has(id));
    const asked = round?.open.get(id);
    if (round === undefined || asked === undefined) return false;
    round.open.delete(id);
    if (message.result !== undefined) round.answers.set(asked.key, spanText(message.bytes, message.result.span));
    else if (asked.method === "elicitation/create") round.answers.set(asked.key, `{"action":"cancel"}`);
    else {
      this.end(round, `the client answered ${asked.method} with an error: ${message.bytes.toString().slice(0, 500)}`);
      return true;
    }
    if (round.open.size === 0) this.sendAgain(round);
    return true;
  }

  forget(call: Call): void {
    this.byCall.delete(call);
  }

  clear(): void {
    this.byCall.clear();
  }

  private ask(round: Round, key: string, request: InputRequest): void {
    const id = this.nextId;
    this.nextId += 1;
    round.open.set(id, { key, method: request.method });
    const text = JSON.stringify({ jsonrpc: "2.0", id, ...asLegacyRequest(request) });
    if (!round.call.sink.onMessage(Buffer.from(text)))
      this.end(round, `the server needs ${request.method}, and the client cannot be asked`);
  }

  private sendAgain(round: Round): void {
    const { call, requestState, answers } = round;
    if (this.byCall.get(call) !== round) return;
    this.byCall.delete(call);
    this.parts.calls.take(call.id);
    const { session, request, sink } = call;
    if (request?.params === undefined) return;
    const responses = [...answers].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
    const members = [`"inputResponses":{${responses.join(",")}}`];
    if (requestState !== undefined) members.push(`"requestState":${JSON.stringify(requestState)}`);
    const edits = [insertMembers(request.params, members.join(","))];
    this.parts.send({ ...asModernRequest({ session, message: request, sink, edits }), continues: call });
  }

  private end(round: Round, reason: string): void {
    if (!this.byCall.delete(round.call)) return;
    this.parts.calls.take(round.call.id);
    fail(round.call, reason);
  }
}

function fail(call: Call, reason: string): void {
  call.sink.onResult(errorResponse(call.clientIdText, { code: "internal_error", message: `MCPProxy: ${reason}` }));
}

/** The id of an elicitation by URL went with the modern era; clients of the legacy era need one. */
function asLegacyRequest(request: InputRequest): InputRequest {
  const { params } = request;
  if (request.method !== "elicitation/create" || params?.["mode"] !== "url") return request;
  return { ...request, params: { elicitationId: randomUUID(), ...params } };
}
