import { readFile } from "node:fs/promises";
import type { ExposedPort } from "../egress.ts";

const tables = [
  { protocol: "tcp", file: "/proc/net/tcp", openState: "0A" },
  { protocol: "tcp", file: "/proc/net/tcp6", openState: "0A" },
  { protocol: "udp", file: "/proc/net/udp", openState: "07" },
  { protocol: "udp", file: "/proc/net/udp6", openState: "07" },
] as const;

/** Reads from the kernel which ports of this machine a container can reach at the gateway, except the given one. */
export async function readExposedPorts(exceptPort: number): Promise<readonly ExposedPort[]> {
  const found = await Promise.all(
    tables.map(async ({ protocol, file, openState }) => {
      // No IPv6 in the kernel, no table.
      const table = await readFile(file, "utf8").catch(() => "");
      return parseListeners(table, openState).map((port) => ({ protocol, port }));
    }),
  );
  const unique = new Map(found.flat().map((entry) => [`${entry.protocol}/${entry.port}`, entry]));
  return [...unique.values()]
    .filter(({ protocol, port }) => protocol === "udp" || port !== exceptPort)
    .toSorted((a, b) => a.port - b.port);
}

/** Ports in a table of proc(5) that are open on an address other than loopback. */
export function parseListeners(table: string, openState: string): readonly number[] {
  return table.split("\n").flatMap((line) => {
    const [, address = "", port = "", state] =
      /^\s*\d+: ([\dA-F]+):([\dA-F]{4}) [\dA-F]+:[\dA-F]{4} ([\dA-F]{2})/.exec(line) ?? [];
    return state === openState && !isLoopback(address) ? [Number.parseInt(port, 16)] : [];
  });
}

/** Addresses are words in the byte order of the machine: little-endian wherever Docker runs today, except s390x. */
function isLoopback(address: string): boolean {
  const isIpv4 = address.length === 8;
  if (isIpv4) return address.endsWith("7F");
  return address === `${"0".repeat(24)}01000000` || /^0{16}FFFF0000[\dA-F]{6}7F$/.test(address);
}
