import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** A host in the one spelling in which hosts are compared. */
export interface Host {
  readonly kind: "name" | "address";
  /** Lower-case ASCII without a trailing dot; an IPv6 address compressed, without brackets. */
  readonly text: string;
}

/** Reads a host name or an IP literal (IPv6 with or without brackets); undefined when it is neither. */
export function parseHost(text: string): Host | undefined {
  const bare = /^\[(.+)\]$/.exec(text)?.[1] ?? text;
  const version = isIP(bare);
  if (version === 4) return { kind: "address", text: bare };
  if (version === 6) return parseIpv6(bare);
  return bare === text ? parseName(text) : undefined;
}

function parseIpv6(text: string): Host | undefined {
  const address = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  return address === undefined ? undefined : { kind: "address", text: address };
}

function parseName(text: string): Host | undefined {
  // What these mean inside a URL must not reach the conversion to ASCII.
  if (/[\s%/\\@?#:[\]*]/.test(text)) return undefined;
  const name = domainToASCII(text.replace(/\.$/, "")).toLowerCase();
  // A last label of digits makes resolvers read the whole as an address (127.1, 0x7f000001).
  return isName(name) && !/(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(name) ? { kind: "name", text: name } : undefined;
}

function isName(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => /^[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?$/.test(label));
}
