import { createHash } from "node:crypto";

/** Clients put a prefix of their own before it and pass at most 64 characters of letters, digits, `_` and `-` to models. */
const nameLengthMax = 64;
const serverLengthMax = 24;
const separator = "__";
const hashLength = 8;

/**
 * The name of a server's tool or prompt among those of all servers: `server__tool`. What is too long, has characters that
 * clients refuse, or would make the name ambiguous is shortened and ends in a hash of the whole.
 */
export function publicName(server: string, item: string): string {
  const prefix = serverPart(server);
  return prefix + separator + itemPart(item, nameLengthMax - prefix.length - separator.length);
}

export interface SplitName {
  readonly serverPart: string;
  readonly itemPart: string;
}

/** Undefined for a name that no server can have. The part of a server never has the separator in it. */
export function splitPublicName(name: string): SplitName | undefined {
  const at = name.indexOf(separator);
  return at <= 0 ? undefined : { serverPart: name.slice(0, at), itemPart: name.slice(at + separator.length) };
}

/** How a server is called in public names. */
export function serverPart(server: string): string {
  const isPlain = server.length <= serverLengthMax && !server.includes(separator) && !server.endsWith("_");
  if (isPlain && /^[A-Za-z0-9_-]+$/.test(server)) return server;
  const readable = server.replaceAll(/[^A-Za-z0-9-]+/g, "-").slice(0, serverLengthMax - hashLength - 1);
  return `${readable.replaceAll(/-+$/g, "")}-${hashOf(server)}`;
}

function itemPart(item: string, lengthMax: number): string {
  if (item.length <= lengthMax && /^[A-Za-z0-9_-]+$/.test(item)) return item;
  const readable = item.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, lengthMax - hashLength - 1);
  return `${readable}_${hashOf(item)}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashLength);
}
