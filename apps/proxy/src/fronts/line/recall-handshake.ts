import { readFileSync } from "node:fs";

export interface RecalledHandshake {
  readonly protocolVersion: string;
  /** Of initialize. */
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * What a server said of itself when it last ran with the config file as it is now; undefined when that is not known.
 * Reads by hand what the handshake memory has written: a schema library takes longer to load than all the rest here.
 */
export function recallHandshake(
  path: string,
  { server, stamp }: { readonly server: string; readonly stamp: string | undefined },
): RecalledHandshake | undefined {
  const file = readJson(path);
  const latest = memberOf(memberOf(file, "latest"), server);
  const hash = memberOf(latest, "hash");
  if (stamp === undefined || memberOf(latest, "stamp") !== stamp || typeof hash !== "string") return undefined;
  const handshake = memberOf(memberOf(file, "handshakes"), hash);
  const result = memberOf(handshake, "result");
  const protocolVersion = memberOf(handshake, "protocolVersion");
  return isObject(result) && typeof protocolVersion === "string" ? { result, protocolVersion } : undefined;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

export function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
