import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";

/** The addresses of this machine, also of bridges that no container uses right now, which the system's list leaves out. */
export async function readOwnAddresses(): Promise<readonly string[]> {
  const inUse = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map((entry) => entry.address));
  const [routes, ipv6] = await Promise.all([readTable("/proc/net/fib_trie"), readTable("/proc/net/if_inet6")]);
  return [...new Set([...inUse, ...parseLocalRoutes(routes), ...parseIpv6Addresses(ipv6)])];
}

/** IPv4 addresses that the kernel's routing table calls its own. */
export function parseLocalRoutes(table: string): readonly string[] {
  return [...table.matchAll(/\|-- ([\d.]+)\n\s+\/32 host LOCAL/g)].map(([, address = ""]) => address);
}

/** IPv6 addresses of all interfaces, in their short form. */
export function parseIpv6Addresses(table: string): readonly string[] {
  return [...table.matchAll(/^([\da-f]{32}) /gm)].flatMap(([, digits = ""]) => {
    const groups = digits.match(/.{4}/g) ?? [];
    return URL.parse(`http://[${groups.join(":")}]/`)?.hostname.slice(1, -1) ?? [];
  });
}

/** Only Linux has these tables, and the proxy is used there only; without one the system's list has to do. */
function readTable(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
