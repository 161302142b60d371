import type { Call } from "../../bridge/calls.ts";
import type { ClientSide } from "../../bridge/client-side.ts";
import { hasFailed } from "../../bridge/has-failed.ts";
import { asModernAnswer } from "../../bridge/modern-result.ts";
import { replaceSpans, type Replacement } from "../../bridge/replace-spans.ts";
import { resultResponse, type RpcError } from "../../bridge/rpc-error.ts";
import { scanMessage, spanText, type RequestMessage, type ResponseMessage } from "../../bridge/scan-message.ts";
import { createRequestSession, type CallSink, type ServerRequestToClient, type Session } from "../../bridge/session.ts";
import { capabilitiesFor, missingCapability } from "./client-capabilities.ts";
import { asInputRequest, idOfInput, nameOfInput, type InputRequest } from "./input-requests.ts";
import { refuseModern, statusOfAnswer, type ModernSink } from "./modern-sink.ts";
import type { ParkedCall, ParkedCalls } from "./parked-calls.ts";
import type { Envelope } from "./read-envelope.ts";
import { requestDigest } from "./request-state.ts";
import { readRetryParams, type RetryParams } from "./retry-params.ts";
import { readUrlElicitations } from "./url-elicitations.ts";

export interface LegacyCallOptions {
  readonly bridge: ClientSide;
  readonly parked: ParkedCalls<LegacyCall>;
  readonly principal: string;
  readonly envelope: Envelope;
  /** Raw JSON of what the server says it is. */
  readonly serverInfoText: string | undefined;
}

/**
 * Questions that a server writes at once arrive in several pieces, milliseconds apart through a busy engine. Whoever
 * answers takes longer than this.
 */
const togetherMs = 50;

type Answers = NonNullable<RetryParams["inputResponses"]>;

interface OpenRequest extends InputRequest {
  /** Our id of the server's request; undefined when the server has ended its call to ask. */
  readonly id: number | undefined;
}

/**
 * A call of a client of the modern era at a server of the legacy era. What the server asks in its course ends the
 * client's request with `input_required`; the call waits, and the client's retry goes on with it.
 */
export class LegacyCall implements CallSink, ParkedCall {
  round = 0;
  private readonly options: LegacyCallOptions;
  private readonly request: RequestMessage;
  private readonly session: Session;
  /** Undefined while the client is away. */
  private sink: ModernSink | undefined;
  private idText: string;
  private call: Call | undefined;
  private parkedId: string | undefined;
  private answers: Answers = {};
  private readonly open = new Map<string, OpenRequest>();
  /** Runs while more questions may come. */
  private promptTimer: NodeJS.Timeout | undefined;
  /** Came while the client was away. */
  private result: ResponseMessage | undefined;
  private missing: Readonly<Record<string, unknown>> | undefined;

  constructor(request: RequestMessage, sink: ModernSink, options: LegacyCallOptions) {
    this.options = options;
    this.request = request;
    this.sink = sink;
    this.idText = spanText(request.bytes, request.id);
    const capabilities = capabilitiesFor(request.method, options.envelope.capabilities);
    this.session = {
      ...createRequestSession(this.idText, capabilities),
      loggingLevel: options.envelope.logLevel,
    };
  }

  get isAway(): boolean {
    return this.sink === undefined;
  }

  /** Sends the request. Answers to questions that the server names may come with it. */
  start(answers: Answers = {}): void {
    this.answers = answers;
    this.call = this.options.bridge.request(this.session, this.request, this);
  }

  /** The client is back with another request for the same call. */
  resume(request: RequestMessage, sink: ModernSink, answers: Answers): void {
    this.round += 1;
    this.sink = sink;
    this.idText = spanText(request.bytes, request.id);
    if (this.call !== undefined) {
      this.call.clientIdText = this.idText;
      const token = request.progressToken;
      this.call.clientTokenText = token === undefined ? undefined : spanText(request.bytes, token);
    }
    if (this.result !== undefined) {
      this.deliver(this.result);
      return;
    }
    this.takeAnswers(answers);
  }

  /** The client closed one of its requests. An earlier one, that has its answer, means nothing for the call any more. */
  cancel(sink: ModernSink): void {
    if (this.sink === sink) this.abandon("the client closed its request");
  }

  expire(reason: string): void {
    this.abandon(reason);
  }

  onMessage(message: Buffer): boolean {
    return this.sink?.onMessage(message) ?? false;
  }

  onServerRequest(request: ServerRequestToClient): boolean {
    const input = asInputRequest(request.message);
    const missing = missingCapability(input, this.options.envelope.capabilities);
    if (missing !== undefined) {
      this.missing = missing;
      return false;
    }
    const name = nameOfInput(request.message);
    const known = name === undefined ? undefined : this.answers[name];
    if (known !== undefined) {
      this.answerServer(request.id, known);
      return true;
    }
    const { parked } = this.options;
    if (this.parkedId === undefined && !parked.hasRoom) return false;
    this.parkedId ??= parked.add(this);
    const key = name !== undefined && !this.open.has(name) ? name : idOfInput(request.message);
    this.open.set(key, { ...input, id: request.id });
    this.planPrompt();
    return true;
  }

  onServerRequestCancelled(id: number): void {
    for (const [key, { id: openId }] of this.open) if (openId === id) this.open.delete(key);
  }

  onCapabilityMissing(request: RequestMessage): void {
    this.missing = missingCapability(asInputRequest(request), this.options.envelope.capabilities);
  }

  editAnswer(answer: ResponseMessage): readonly Replacement[] {
    const { serverInfoText } = this.options;
    return asModernAnswer(answer, { method: this.request.method, serverInfoText });
  }

  onResult(message: Buffer, answer?: ResponseMessage): void {
    this.open.clear();
    const response = answer ?? responseOf(message);
    if (response === undefined || this.asksForUrls(response)) return;
    if (this.sink === undefined) this.result = response;
    else this.deliver(response, answer === undefined ? undefined : message);
  }

  onCancelled(): void {
    this.leave();
  }

  /** All that the server asks at once goes into one result: each question gives the next one time to come. */
  private planPrompt(): void {
    clearTimeout(this.promptTimer);
    this.promptTimer = setTimeout(() => this.prompt(), togetherMs);
  }

  private prompt(): void {
    const { sink, parkedId } = this;
    if (sink === undefined || parkedId === undefined || this.open.size === 0) return;
    this.sink = undefined;
    const inputRequests = Object.fromEntries(
      [...this.open].map(([key, { method, params }]) => [key, { method, params }]),
    );
    const requestState = this.options.parked.park(parkedId, this.digest());
    const result = { resultType: "input_required", inputRequests, requestState };
    sink.onResult(resultResponse(this.idText, JSON.stringify(result)), 200);
  }

  /** What the client left out is asked again. */
  private takeAnswers(answers: Answers): void {
    const asked = [...this.open];
    for (const [key, { id }] of asked) {
      const answer = answers[key];
      if (answer === undefined) continue;
      this.open.delete(key);
      if (id !== undefined) this.answerServer(id, answer);
      else if (answer["action"] !== "accept") {
        this.refuse({ code: "internal_error", message: "The client did not accept what the server needs." });
        return;
      }
    }
    if (this.open.size > 0) this.planPrompt();
    else if (asked.some(([, { id }]) => id === undefined)) this.startAgain();
  }

  /** The server ended the call with URLs to visit, and expects it anew after that. */
  private asksForUrls(answer: ResponseMessage): boolean {
    const elicitations = readUrlElicitations(answer);
    if (elicitations === undefined) return false;
    const [first] = elicitations.values();
    this.missing = first && missingCapability(first, this.options.envelope.capabilities);
    if (this.missing !== undefined || this.sink === undefined || !this.options.parked.hasRoom) return false;
    this.parkedId ??= this.options.parked.add(this);
    for (const [key, input] of elicitations) this.open.set(key, { ...input, id: undefined });
    this.call = undefined;
    this.planPrompt();
    return true;
  }

  private startAgain(): void {
    this.call = this.options.bridge.request(this.session, this.request, this);
    if (this.call !== undefined) this.call.clientIdText = this.idText;
  }

  private answerServer(id: number, answer: Answers[string]): void {
    const response = scanMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id, result: answer })));
    if (response.kind === "response") this.options.bridge.response(this.session, response);
  }

  /** Without a message that is ready, the answer gets the id of the request that the client waits for by now. */
  private deliver(answer: ResponseMessage, ready?: Buffer): void {
    if (this.missing !== undefined && hasFailed(answer)) {
      this.refuse({
        code: "missing_capability",
        message: `The server needs what this client did not declare: ${JSON.stringify(this.missing)}`,
        data: { requiredCapabilities: this.missing },
      });
      return;
    }
    const edits = (): Replacement[] => [{ span: answer.id, text: this.idText }, ...this.editAnswer(answer)];
    this.sink?.onResult(ready ?? replaceSpans(answer.bytes, edits()), statusOfAnswer(answer));
    this.leave();
  }

  private refuse(error: RpcError): void {
    if (this.sink !== undefined) refuseModern(this.sink, this.idText, error);
    this.leave();
  }

  private abandon(reason: string): void {
    if (this.call === undefined) this.leave();
    else this.options.bridge.abandon(this.call, reason);
  }

  private leave(): void {
    clearTimeout(this.promptTimer);
    if (this.parkedId !== undefined) this.options.parked.remove(this.parkedId);
    this.open.clear();
  }

  private digest(): string {
    const { principal } = this.options;
    const reading = readRetryParams(this.request);
    const params = reading.kind === "params" ? reading.params : {};
    return requestDigest({ principal, method: this.request.method, params });
  }
}

/** An answer that MCPProxy made itself. */
function responseOf(message: Buffer): ResponseMessage | undefined {
  const scanned = scanMessage(message);
  return scanned.kind === "response" ? scanned : undefined;
}
