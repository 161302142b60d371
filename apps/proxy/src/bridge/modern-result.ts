import { insertMembers, metaKeys, metaValue } from "./envelope.ts";
import type { Replacement } from "./replace-spans.ts";
import { spanText, type ResponseMessage } from "./scan-message.ts";

/** Results with caching hints; https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching */
const cacheableMethods: ReadonlySet<string> = new Set([
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
]);

/** A legacy server says nothing about caching, so nothing is promised. */
const uncached = { ttlMs: `"ttlMs":0`, cacheScope: `"cacheScope":"private"` };

/** Codes that this revision forbids, and what stands for them: resource not found. */
const replacedCodes: ReadonlyMap<string, string> = new Map([["-32002", "-32602"]]);

/** Makes the answer of a legacy server one of the modern era; only what is missing is added. */
export function asModernAnswer(
  message: ResponseMessage,
  { method, serverInfoText }: { readonly method: string; readonly serverInfoText: string | undefined },
): readonly Replacement[] {
  const { result, errorCode, bytes } = message;
  if (errorCode !== undefined) {
    const text = replacedCodes.get(spanText(bytes, errorCode));
    return text === undefined ? [] : [{ span: errorCode, text }];
  }
  if (result === undefined) return [];
  const edits: Replacement[] = [];
  const members: string[] = [];
  if (result.resultType === undefined) members.push(`"resultType":"complete"`);
  if (cacheableMethods.has(method)) {
    if (result.ttlMs === undefined) members.push(uncached.ttlMs);
    if (result.cacheScope === undefined) members.push(uncached.cacheScope);
  }
  if (serverInfoText !== undefined && metaValue(result.meta, metaKeys.serverInfo) === undefined) {
    const serverInfo = `"${metaKeys.serverInfo}":${serverInfoText}`;
    if (result.meta !== undefined) edits.push(insertMembers(result.meta, serverInfo));
    else if (!result.hasOddMeta) members.push(`"_meta":{${serverInfo}}`);
  }
  if (members.length > 0) edits.push(insertMembers(result, members.join(",")));
  return edits;
}
