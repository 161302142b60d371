import type { JsonScanner, Span } from "./json-scanner.ts";

/** An object inside a message, and whether it has members: what a further member has to be written with. */
export interface ObjectPlace {
  readonly span: Span;
  readonly isEmpty: boolean;
}

export interface MetaMember {
  readonly key: string;
  /** From the key to the end of the value. */
  readonly member: Span;
  readonly value: Span;
}

/** A `_meta` object. */
export interface MetaMembers extends ObjectPlace {
  readonly members: readonly MetaMember[];
}

/** What the revision of 2026-07-28 asks of results. */
export interface ResultMembers extends ObjectPlace {
  readonly resultType: Span | undefined;
  readonly ttlMs: Span | undefined;
  readonly cacheScope: Span | undefined;
  /** Of tools/call */
  readonly isError: Span | undefined;
  readonly meta: MetaMembers | undefined;
  /** It has a `_meta` that is no object. */
  readonly hasOddMeta: boolean;
}

/** Keys of `_meta` that MCP reserves for itself; https://modelcontextprotocol.io/specification/2026-07-28/basic#meta */
export const protocolKeyPrefix = "io.modelcontextprotocol/";

const openBrace = 0x7b;

/** Collects from one pass over a message the members that routing and the translation between eras need. */
export class MessageMembers {
  method: Span | undefined;
  id: Span | undefined;
  version: Span | undefined;
  result: Span | undefined;
  resultMembers: ResultMembers | undefined;
  error: Span | undefined;
  errorCode: Span | undefined;
  params: ObjectPlace | undefined;
  meta: MetaMembers | undefined;
  progressToken: Span | undefined;
  metaProgressToken: Span | undefined;
  requestId: Span | undefined;
  name: Span | undefined;
  arguments: Span | undefined;
  uri: Span | undefined;
  taskId: Span | undefined;
  level: Span | undefined;
  isRetry = false;
  /** Two members of one routing key: parsers disagree which one counts, so the message is refused. */
  duplicate: string | undefined;

  take(key: string, at: JsonScanner): void {
    switch (key) {
      case "id":
      case "method":
        this.noteTwice(key, this[key]);
        this[key] = at.readValue();
        return;
      case "result":
        this.noteTwice(key, this.result);
        this.takeResult(at);
        return;
      case "error":
        this.noteTwice(key, this.error);
        this.error = at.readObjectOrValue((errorKey, inner) => {
          if (errorKey === "code") this.errorCode = inner.readValue(2);
        }, 1);
        return;
      case "jsonrpc":
        this.version = at.readValue();
        return;
      case "params":
        this.noteTwice(key, this.params?.span);
        this.takeParams(at);
        return;
      default:
    }
  }

  private takeResult(at: JsonScanner): void {
    const spans: { -readonly [key in "resultType" | "ttlMs" | "cacheScope" | "isError"]?: Span } = {};
    let meta: MetaMembers | undefined;
    let hasOddMeta = false;
    const value = readMembers(at, 1, (key, inner) => {
      switch (key) {
        case "resultType":
        case "ttlMs":
        case "cacheScope":
        case "isError":
          spans[key] = inner.readValue(2);
          return;
        case "_meta":
          meta = readMeta(inner);
          hasOddMeta = meta === undefined;
          return;
        default:
      }
    });
    this.result = value.span;
    const { resultType, ttlMs, cacheScope, isError } = spans;
    if (value.isObject) this.resultMembers = { ...value, resultType, ttlMs, cacheScope, isError, meta, hasOddMeta };
  }

  private takeParams(at: JsonScanner): void {
    const value = readMembers(at, 1, (key, inner) => this.takeParam(key, inner));
    this.params = value.isObject ? value : undefined;
  }

  private takeParam(key: string, at: JsonScanner): void {
    switch (key) {
      case "_meta":
        this.noteTwice("params._meta", this.meta?.span);
        this.meta = readMeta(at);
        if (this.meta !== undefined) this.noteMeta(this.meta);
        return;
      case "progressToken":
      case "requestId":
        this.noteTwice(`params.${key}`, this[key]);
        this[key] = at.readValue(2);
        return;
      case "name":
      case "arguments":
      case "uri":
      case "taskId":
      case "level":
        this[key] = at.readValue(2);
        return;
      case "requestState":
      case "inputResponses":
        this.isRetry = true;
        return;
      default:
    }
  }

  private noteMeta(meta: MetaMembers): void {
    const seen = new Set<string>();
    for (const { key, value } of meta.members) {
      if (key === "progressToken") this.metaProgressToken = value;
      else if (!key.startsWith(protocolKeyPrefix)) continue;
      if (seen.has(key)) this.duplicate = `params._meta.${key}`;
      seen.add(key);
    }
  }

  private noteTwice(name: string, earlier: Span | undefined): void {
    if (earlier !== undefined) this.duplicate = name;
  }
}

/** `_meta` stands two levels deep, in params as in result. */
function readMeta(at: JsonScanner): MetaMembers | undefined {
  const members: MetaMember[] = [];
  const value = readMembers(at, 2, (key, inner) => {
    const start = inner.memberStart;
    const span = inner.readValue(3);
    members.push({ key, member: { start, end: span.end }, value: span });
  });
  return value.isObject ? { ...value, members } : undefined;
}

type OnMember = (key: string, scanner: JsonScanner) => void;

/** Reads a value; when it is an object, calls back for its members. */
function readMembers(at: JsonScanner, depth: number, onMember: OnMember): ObjectPlace & { readonly isObject: boolean } {
  let isEmpty = true;
  const span = at.readObjectOrValue((key, inner) => {
    isEmpty = false;
    onMember(key, inner);
  }, depth);
  return { span, isEmpty, isObject: at.bytes[span.start] === openBrace };
}
