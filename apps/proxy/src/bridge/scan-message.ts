import { isUtf8 } from "node:buffer";
import { JsonScanner, JsonSyntaxError, type Span } from "./json-scanner.ts";
import { MessageMembers, type MetaMembers, type ObjectPlace, type ResultMembers } from "./message-members.ts";

/** The few values that routing needs; everything else in `bytes` stays as it came. */
interface Scanned {
  readonly bytes: Buffer;
}

export interface RequestMessage extends Scanned {
  readonly kind: "request";
  readonly method: string;
  readonly methodSpan: Span;
  readonly id: Span;
  /** params._meta.progressToken */
  readonly progressToken: Span | undefined;
  /** params.name of tools/call and prompts/get */
  readonly name: Span | undefined;
  /** params.arguments of tools/call and prompts/get */
  readonly arguments: Span | undefined;
  /** params.uri of resources/* */
  readonly uri: Span | undefined;
  /** params.taskId of tasks/* */
  readonly taskId: Span | undefined;
  /** params, when it is an object */
  readonly params: ObjectPlace | undefined;
  /** params._meta, when it is an object */
  readonly meta: MetaMembers | undefined;
  /** params.requestState or params.inputResponses: the request goes on with an earlier one. */
  readonly isRetry: boolean;
}

export interface NotificationMessage extends Scanned {
  readonly kind: "notification";
  readonly method: string;
  readonly methodSpan: Span;
  /** params.progressToken of notifications/progress */
  readonly progressToken: Span | undefined;
  /** params.requestId of notifications/cancelled */
  readonly requestId: Span | undefined;
  readonly uri: Span | undefined;
  /** params.level of notifications/message */
  readonly level: Span | undefined;
  readonly params: ObjectPlace | undefined;
  readonly meta: MetaMembers | undefined;
}

export interface ResponseMessage extends Scanned {
  readonly kind: "response";
  readonly id: Span;
  readonly isError: boolean;
  /** error.code */
  readonly errorCode: Span | undefined;
  /** result, when it is an object */
  readonly result: ResultMembers | undefined;
}

/** Not a JSON-RPC message: bad JSON (parse) or a good object of the wrong form (request). */
export interface InvalidMessage extends Scanned {
  readonly kind: "invalid";
  readonly problem: "parse" | "request";
  readonly reason: string;
}

export type Message = RequestMessage | NotificationMessage | ResponseMessage | InvalidMessage;

/** Reads one JSON-RPC 2.0 message once, strictly, without building objects. Never throws. */
export function scanMessage(bytes: Buffer): Message {
  const found = new MessageMembers();
  const scanner = new JsonScanner(bytes);
  try {
    scanner.readDocument((key, at) => found.take(key, at));
    if (!isUtf8(bytes)) throw new JsonSyntaxError("the text is not UTF-8");
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { kind: "invalid", problem: "parse", reason: error.message, bytes };
    throw error;
  }
  return classify(found, scanner.hasLineBreak ? joinLines(bytes) : bytes);
}

/** The text of a span, e.g. a raw id. */
export function spanText(bytes: Buffer, span: Span): string {
  return bytes.toString("utf8", span.start, span.end);
}

/** The value of a span that should hold a string; undefined when it holds something else. */
export function spanString(bytes: Buffer, span: Span | undefined): string | undefined {
  if (span === undefined || bytes[span.start] !== 0x22) return undefined;
  const inner = bytes.toString("utf8", span.start + 1, span.end - 1);
  // Only escapes need a parser: this is read three times in each message.
  return inner.includes("\\") ? String(JSON.parse(spanText(bytes, span))) : inner;
}

function classify(found: MessageMembers, bytes: Buffer): Message {
  const problem = formProblem(found, bytes);
  if (problem !== undefined) return { kind: "invalid", problem: "request", reason: problem, bytes };
  const method = spanString(bytes, found.method);
  if (method === undefined || found.method === undefined) {
    // formProblem has made sure of an id here; the fallback only satisfies the types.
    const id = found.id ?? { start: 0, end: 0 };
    const { errorCode, resultMembers: result } = found;
    return { kind: "response", id, isError: found.error !== undefined, errorCode, result, bytes };
  }
  const { id, uri, params, meta } = found;
  const common = { method, methodSpan: found.method, uri, params, meta, bytes };
  if (id === undefined) {
    const { progressToken, requestId, level } = found;
    return { kind: "notification", ...common, progressToken, requestId, level };
  }
  const { metaProgressToken: progressToken, name, arguments: argumentsSpan, taskId, isRetry } = found;
  return { kind: "request", ...common, id, progressToken, name, arguments: argumentsSpan, taskId, isRetry };
}

function formProblem(found: MessageMembers, bytes: Buffer): string | undefined {
  if (found.duplicate !== undefined) return `"${found.duplicate}" stands twice`;
  if (spanString(bytes, found.version) !== "2.0") return `"jsonrpc" must be "2.0"`;
  if (found.method !== undefined) {
    if (spanString(bytes, found.method) === undefined) return `"method" must be a string`;
    return found.id !== undefined && !isIdText(bytes, found.id) ? `"id" must be a string or a number` : undefined;
  }
  if (found.id === undefined) return `neither "method" nor "id"`;
  // A response with both is passed on as it is: the call that waits for it must not hang.
  const hasOutcome = found.result !== undefined || found.error !== undefined;
  return hasOutcome ? undefined : `a response has "result" or "error"`;
}

function isIdText(bytes: Buffer, id: Span): boolean {
  const first = bytes[id.start];
  return first === 0x22 || first === 0x2d || (first !== undefined && first >= 0x30 && first <= 0x39);
}

/** Line breaks between tokens become spaces; inside strings JSON has none. */
function joinLines(bytes: Buffer): Buffer {
  const joined = Buffer.from(bytes);
  for (let at = 0; at < joined.length; at += 1) if (joined[at] === 0x0a || joined[at] === 0x0d) joined[at] = 0x20;
  return joined;
}
