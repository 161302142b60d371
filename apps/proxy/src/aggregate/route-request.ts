import { z } from "zod";
import { replaceSpans } from "../bridge/replace-spans.ts";
import type { RpcError } from "../bridge/rpc-error.ts";
import { scanMessage, spanString, type RequestMessage } from "../bridge/scan-message.ts";
import { unknownToolError } from "../bridge/unknown-tool.ts";
import { findByPublicName, findByTemplate, findByUri } from "./find-offer.ts";
import type { Member, Members } from "./member.ts";

export type RequestRoute =
  | { readonly kind: "member"; readonly member: Member; readonly message: RequestMessage }
  | { readonly kind: "refused"; readonly error: RpcError };

/** Which server a request is for, and how that server names what it is about. */
export function routeRequest(members: Members, message: RequestMessage): RequestRoute {
  switch (message.method) {
    case "tools/call":
    case "prompts/get":
      return routeByName(members, message);
    case "resources/read":
    case "resources/subscribe":
    case "resources/unsubscribe":
      return routeByUri(members, message);
    case "completion/complete":
      return routeCompletion(members, message);
    default:
      return refused("method_not_found", `${message.method} is not known to MCPProxy at /mcp; use /mcp/<server>.`);
  }
}

function routeByName(members: Members, message: RequestMessage): RequestRoute {
  const kind = message.method === "tools/call" ? "tools" : "prompts";
  const { name: span } = message;
  const name = spanString(message.bytes, span);
  if (name === undefined || span === undefined) return refused("invalid_params", `"name" has to be a string.`);
  const found = findByPublicName(members, kind, name);
  if (found === undefined) return unknownName(members, kind, name);
  if (kind === "tools" && !found.member.allowsTool(found.name))
    return { kind: "refused", error: unknownToolError(name, { hiddenBy: found.member.name }) };
  return toMember(found.member, replaceSpans(message.bytes, [{ span, text: JSON.stringify(found.name) }]));
}

function unknownName(members: Members, kind: "tools" | "prompts", name: string): RequestRoute {
  const servers = members.all().map((member) => member.name);
  const what = kind === "tools" ? "tool" : "prompt";
  return refused(
    "invalid_params",
    `Unknown ${what}: ${name}. Names at /mcp are server__${what}; servers: ${servers.join(", ") || "none"}.`,
  );
}

function routeByUri(members: Members, message: RequestMessage): RequestRoute {
  const uri = spanString(message.bytes, message.uri);
  if (uri === undefined) return refused("invalid_params", `"uri" has to be a string.`);
  const member = findByUri(members, uri);
  return member === undefined ? unknownResource(uri) : { kind: "member", member, message };
}

function unknownResource(uri: string): RequestRoute {
  return refused("resource_not_found", `Resource not found: no server lists ${uri}. Ask its server at /mcp/<server>.`);
}

const completionSchema = z.object({
  params: z.looseObject({
    ref: z.union([
      z.looseObject({ type: z.literal("ref/prompt"), name: z.string() }),
      z.looseObject({ type: z.literal("ref/resource"), uri: z.string() }),
    ]),
  }),
});

function routeCompletion(members: Members, message: RequestMessage): RequestRoute {
  const parsed = completionSchema.safeParse(JSON.parse(message.bytes.toString()));
  if (!parsed.success || message.params === undefined)
    return refused("invalid_params", "completion/complete: ref has to name a prompt or a resource template.");
  const { params } = parsed.data;
  const { ref } = params;
  if (ref.type === "ref/resource") {
    const member = findByTemplate(members, ref.uri);
    return member === undefined ? unknownResource(ref.uri) : { kind: "member", member, message };
  }
  const found = findByPublicName(members, "prompts", ref.name);
  if (found === undefined) return unknownName(members, "prompts", ref.name);
  const text = JSON.stringify({ ...params, ref: { ...ref, name: found.name } });
  return toMember(found.member, replaceSpans(message.bytes, [{ span: message.params.span, text }]));
}

function toMember(member: Member, bytes: Buffer): RequestRoute {
  const message = scanMessage(bytes);
  if (message.kind !== "request") throw new Error("a request stays one under another name");
  return { kind: "member", member, message };
}

function refused(code: RpcError["code"], message: string): RequestRoute {
  return { kind: "refused", error: { code, message } };
}
