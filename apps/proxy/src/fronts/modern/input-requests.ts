import { spanText, type RequestMessage } from "../../bridge/scan-message.ts";
import { isObject } from "./read-envelope.ts";

/** A request of a legacy server, as an entry of `inputRequests`. */
export interface InputRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How a legacy server may name its question in `_meta`: an answer that comes with the client's first request is found by it. */
const nameKey = "com.mcpproxy/inputKey";

/** The name that the server gave its question, if it did. */
export function nameOfInput(message: RequestMessage): string | undefined {
  const name = paramsOf(message)["_meta"];
  const value = isObject(name) ? name[nameKey] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** The key of a question without a name: the server's own id, which is unique among its open requests. */
export function idOfInput({ bytes, id }: RequestMessage): string {
  return String(JSON.parse(spanText(bytes, id)));
}

/** What the modern era has of a request: without the id of an elicitation by URL, without a task around it, without its name. */
export function asInputRequest(message: RequestMessage): InputRequest {
  const { _meta: meta, ...params } = paramsOf(message);
  const kept = Object.entries(params).filter(([key]) => key !== "task" && key !== "elicitationId");
  const keptMeta = isObject(meta) ? Object.entries(meta).filter(([key]) => key !== nameKey) : [];
  const ofMeta = keptMeta.length === 0 ? {} : { _meta: Object.fromEntries(keptMeta) };
  return { method: message.method, params: { ...Object.fromEntries(kept), ...ofMeta } };
}

function paramsOf({ bytes, params }: RequestMessage): Readonly<Record<string, unknown>> {
  const parsed: unknown = params === undefined ? {} : JSON.parse(spanText(bytes, params.span));
  return isObject(parsed) ? parsed : {};
}
