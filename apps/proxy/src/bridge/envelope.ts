import type { Span } from "./json-scanner.ts";
import type { MetaMembers, ObjectPlace } from "./message-members.ts";
import type { Replacement } from "./replace-spans.ts";
import type { RequestMessage } from "./scan-message.ts";

/** The revision of the modern era; https://modelcontextprotocol.io/specification/2026-07-28/basic#meta */
export const modernVersion = "2026-07-28";

/** Keys of the modern era in `_meta`. */
export const metaKeys = {
  protocolVersion: "io.modelcontextprotocol/protocolVersion",
  clientInfo: "io.modelcontextprotocol/clientInfo",
  clientCapabilities: "io.modelcontextprotocol/clientCapabilities",
  logLevel: "io.modelcontextprotocol/logLevel",
  subscriptionId: "io.modelcontextprotocol/subscriptionId",
  serverInfo: "io.modelcontextprotocol/serverInfo",
} as const;

const envelopeKeys: ReadonlySet<string> = new Set([
  metaKeys.protocolVersion,
  metaKeys.clientInfo,
  metaKeys.clientCapabilities,
  metaKeys.logLevel,
]);

/** The value of a key of `_meta`. */
export function metaValue(meta: MetaMembers | undefined, key: string): Span | undefined {
  return meta?.members.findLast((member) => member.key === key)?.value;
}

/** Takes the envelope out of a request, for a server of the legacy era. */
export function withoutEnvelope({ meta }: RequestMessage): readonly Replacement[] {
  return meta === undefined ? [] : withoutMembers(meta, (key) => envelopeKeys.has(key));
}

/** Takes members out of `_meta`; a comma goes with each. */
export function withoutMembers({ members }: MetaMembers, isGone: (key: string) => boolean): readonly Replacement[] {
  const lastKept = members.findLastIndex(({ key }) => !isGone(key));
  const edits: Replacement[] = [];
  for (const [index, { key, member }] of members.entries()) {
    const next = members[index + 1];
    if (index < lastKept && next !== undefined && isGone(key))
      edits.push({ span: { start: member.start, end: next.member.start }, text: "" });
  }
  const first = members[lastKept + 1];
  const last = members.at(-1);
  if (first !== undefined && last !== undefined)
    edits.push({
      span: { start: members[lastKept]?.member.end ?? first.member.start, end: last.member.end },
      text: "",
    });
  return edits;
}

/** Writes members into `_meta` of a request or notification, with all that is missing around them. */
export function withMetaMembers(
  message: {
    readonly params: ObjectPlace | undefined;
    readonly meta: MetaMembers | undefined;
    readonly methodSpan: Span;
  },
  membersText: string,
): Replacement {
  if (message.meta !== undefined) return insertMembers(message.meta, membersText);
  const metaText = `"_meta":{${membersText}}`;
  if (message.params !== undefined) return insertMembers(message.params, metaText);
  const { end } = message.methodSpan;
  return { span: { start: end, end }, text: `,"params":{${metaText}}` };
}

/** Writes members at the beginning of an object. */
export function insertMembers({ span, isEmpty }: ObjectPlace, membersText: string): Replacement {
  const at = span.start + 1;
  return { span: { start: at, end: at }, text: isEmpty ? membersText : `${membersText},` };
}

export interface ClientIdentity {
  readonly capabilities: unknown;
  readonly clientInfo: unknown;
}

/** The members that make a request of the legacy era one of the modern era. */
export function envelopeMembers(identity: ClientIdentity, logLevel: string | undefined): string {
  const members = {
    [metaKeys.protocolVersion]: modernVersion,
    [metaKeys.clientInfo]: identity.clientInfo,
    [metaKeys.clientCapabilities]: identity.capabilities,
    [metaKeys.logLevel]: logLevel,
  };
  return JSON.stringify(members).slice(1, -1);
}
