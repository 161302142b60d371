import { publicName, serverPart, splitPublicName } from "./public-name.ts";
import type { Member, Members } from "./member.ts";

/** Whose tool or prompt a public name means, and its own name there. */
export interface FoundName {
  readonly member: Member;
  readonly name: string;
}

/** Undefined when no server is called so. A name that the server never listed is its own to refuse. */
export function findByPublicName(members: Members, kind: "tools" | "prompts", name: string): FoundName | undefined {
  const split = splitPublicName(name);
  const member = split && members.all().find((candidate) => serverPart(candidate.name) === split.serverPart);
  if (split === undefined || member === undefined) return undefined;
  const listed = member.lists()?.[kind].find(({ key }) => publicName(member.name, key) === name);
  return { member, name: listed?.key ?? split.itemPart };
}

/** The server that lists this URI, or whose template it fits; where none does, the only one with such a scheme and host. */
export function findByUri(members: Members, uri: string): Member | undefined {
  const all = members.all();
  return (
    all.find((member) => member.lists()?.resources.some(({ key }) => key === uri)) ??
    all.find((member) => member.lists()?.resourceTemplates.some(({ key }) => fitsTemplate(key, uri))) ??
    onlyOne(all.filter((member) => hasOrigin(member, originOf(uri))))
  );
}

/** The server of a template that completion/complete names. */
export function findByTemplate(members: Members, template: string): Member | undefined {
  const owner = members.all().find((member) => member.lists()?.resourceTemplates.some(({ key }) => key === template));
  return owner ?? findByUri(members, template);
}

/** Each expression of https://datatracker.ietf.org/doc/html/rfc6570 stands for any text: which server it is, not what it means. */
function fitsTemplate(template: string, uri: string): boolean {
  const literals = template.split(/\{[^{}]*\}/);
  const [first = "", ...rest] = literals;
  if (rest.length === 0) return template === uri;
  const last = rest.pop() ?? "";
  if (!uri.startsWith(first) || !uri.endsWith(last) || uri.length < first.length + last.length) return false;
  let at = first.length;
  for (const literal of rest) {
    const found = uri.indexOf(literal, at);
    if (found === -1) return false;
    at = found + literal.length;
  }
  return at <= uri.length - last.length;
}

function hasOrigin(member: Member, origin: string | undefined): boolean {
  if (origin === undefined) return false;
  const { resources = [], resourceTemplates = [] } = member.lists() ?? {};
  return [...resources, ...resourceTemplates].some(({ key }) => originOf(key) === origin);
}

/** Scheme and host; undefined for what is no URI. */
function originOf(uri: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/?#]*)?/.exec(uri)?.[0].toLowerCase();
}

function onlyOne(members: readonly Member[]): Member | undefined {
  return members.length === 1 ? members[0] : undefined;
}
