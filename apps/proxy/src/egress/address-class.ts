import { BlockList, isIPv4 } from "node:net";

/** Where an address leads, as far as its number tells (IANA special-purpose registries, RFC 6890). */
export type AddressClass =
  | "public"
  | "private"
  | "loopback"
  | "link_local"
  | "metadata"
  | "unspecified"
  | "multicast"
  | "reserved";

/** First match wins: the metadata service of some clouds has an address in a private range. */
const ranges: readonly (readonly [Exclude<AddressClass, "public">, readonly string[]])[] = [
  ["metadata", ["169.254.169.254/32", "169.254.170.2/32", "100.100.100.200/32", "fd00:ec2::254/128"]],
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  ["unspecified", ["0.0.0.0/8", "::/128"]],
  ["link_local", ["169.254.0.0/16", "fe80::/10"]],
  ["multicast", ["224.0.0.0/4", "ff00::/8"]],
  ["reserved", ["240.0.0.0/4", "192.0.0.0/24", "100::/64", "2001::/32"]],
  ["private", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"]],
];

const lists = ranges.map(([kind, subnets]) => ({ kind, list: listOf(subnets) }));

/** The class of an IPv4 or IPv6 address; an IPv4 address inside an IPv6 one counts as itself. */
export function classifyAddress(address: string): AddressClass {
  const plain = embeddedIpv4(address) ?? address;
  const family = isIPv4(plain) ? "ipv4" : "ipv6";
  return lists.find(({ list }) => list.check(plain, family))?.kind ?? "public";
}

/** Mapped (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96) and 6to4 (2002::/16) addresses lead to IPv4. */
export function embeddedIpv4(address: string): string | undefined {
  if (isIPv4(address)) return undefined;
  const groups = expandIpv6(address);
  const start = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(":");
  if (groups[0] === 0x2002) return ipv4Of(groups[1], groups[2]);
  const isEmbedding = start === "0:0:0:0:0:ffff" || start === "64:ff9b:0:0:0:0";
  const isCompatible = start === "0:0:0:0:0:0" && groups[6] !== 0;
  return isEmbedding || isCompatible ? ipv4Of(groups[6], groups[7]) : undefined;
}

function expandIpv6(address: string): readonly number[] {
  const withoutZone = address.replace(/%.*$/, "");
  // The URL standard writes an IPv4 tail as two groups.
  const hex = URL.parse(`http://[${withoutZone}]/`)?.hostname.slice(1, -1) ?? withoutZone;
  const [before = "", after] = hex.split("::");
  const head = groupsOf(before);
  const tail = groupsOf(after ?? "");
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

function ipv4Of(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), isIPv4(network) ? "ipv4" : "ipv6");
  }
  return list;
}
