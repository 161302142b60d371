import type { LookupAddress } from "node:dns";
import { isIPv6 } from "node:net";
import type { Host } from "./host-name.ts";
import { judgeAddress, type AddressRefusal } from "./judge-address.ts";

/** All addresses of a name, as getaddrinfo gives them. */
export type LookupAll = (name: string) => Promise<readonly LookupAddress[]>;

export type Resolution =
  | { readonly state: "resolved"; readonly addresses: readonly LookupAddress[] }
  | ({ readonly state: "denied" } & AddressRefusal)
  | { readonly state: "unknown"; readonly message: string };

interface ResolutionRequest {
  readonly host: Host;
  readonly isListedExactly: boolean;
  readonly ownAddresses: readonly string[];
  readonly lookup: LookupAll;
}

/** The addresses of a host that may be connected to; the connection must go to these, without another lookup. */
export async function resolveTarget({ host, lookup, ...facts }: ResolutionRequest): Promise<Resolution> {
  const found = await findAddresses(host, lookup);
  if (typeof found === "string") return { state: "unknown", message: found };
  const judged = found.map((entry) => ({ entry, refusal: judgeAddress({ ...facts, address: entry.address }) }));
  const addresses = judged.filter(({ refusal }) => refusal === undefined).map(({ entry }) => entry);
  const refusal = judged.find((entry) => entry.refusal !== undefined)?.refusal;
  if (addresses.length === 0 && refusal !== undefined) return { state: "denied", ...refusal };
  return { state: "resolved", addresses };
}

async function findAddresses(host: Host, lookup: LookupAll): Promise<readonly LookupAddress[] | string> {
  if (host.kind === "address") return [{ address: host.text, family: isIPv6(host.text) ? 6 : 4 }];
  try {
    const addresses = await lookup(host.text);
    return addresses.length === 0 ? `${host.text} has no address.` : addresses;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    return `The name ${host.text} cannot be resolved${code}.`;
  }
}
