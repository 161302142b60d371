import { readListResult, type ListKey } from "../bridge/list-elements.ts";
import { replaceSpans } from "../bridge/replace-spans.ts";
import type { Member, Members } from "./member.ts";
import { publicName } from "./public-name.ts";
import type { ListItem } from "./server-lists.ts";

/** One tool, prompt or resource of all servers, under its public name. */
export interface Offer {
  readonly member: Member;
  /** Its public name, or its URI. */
  readonly key: string;
  /** Raw JSON, as clients get it. */
  readonly text: string;
}

/** What all servers offer. Of two servers that list the same URI, the first in the config has it. */
export function offersOf(members: Members, list: ListKey): readonly Offer[] {
  const byKey = new Map<string, Offer>();
  for (const member of members.all())
    for (const item of member.lists()?.[list] ?? []) {
      const offer = offerOf(member, list, item);
      if (offer !== undefined && !byKey.has(offer.key)) byKey.set(offer.key, offer);
    }
  return [...byKey.values()];
}

/** The result of a list request, as raw JSON. */
export function listResult(members: Members, list: ListKey): string {
  return `{"${list}":[${offersOf(members, list)
    .map(({ text }) => text)
    .join(",")}]}`;
}

function offerOf(member: Member, list: ListKey, item: ListItem): Offer | undefined {
  if (list === "resources" || list === "resourceTemplates") return { member, ...item };
  if (list === "tools" && !member.allowsTool(item.key)) return undefined;
  const key = publicName(member.name, item.key);
  return { member, key, text: renamed(item.text, list, key) };
}

/** Every other byte of the element stays as the server wrote it. */
function renamed(text: string, list: ListKey, name: string): string {
  const bytes = Buffer.from(`{"result":{"${list}":[${text}]}}`);
  const found = readListResult(bytes, list);
  const [element] = found?.elements ?? [];
  if (element === undefined) return text;
  const edited = replaceSpans(bytes, [{ span: element.keySpan, text: JSON.stringify(name) }]);
  return edited.toString("utf8", element.span.start, element.span.end + edited.length - bytes.length);
}
