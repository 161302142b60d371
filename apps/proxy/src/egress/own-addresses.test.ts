import { expect, it } from "vitest";
import { parseIpv6Addresses, parseLocalRoutes, readOwnAddresses } from "./own-addresses.ts";

it("finds the address of a bridge that is down", () => {
  const table = `Local:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
     +-- 172.28.0.0/16 2 0 2
           |-- 172.28.0.0
              /16 link UNICAST
           |-- 172.28.0.1
              /32 host LOCAL
        |-- 172.28.255.255
           /32 link BROADCAST
`;
  expect(parseLocalRoutes(table)).toEqual(["127.0.0.1", "172.28.0.1"]);
});

it("reads IPv6 addresses in their short form", () => {
  const table = `fe8000000000000000fc00fffe000001 02 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
`;
  expect(parseIpv6Addresses(table)).toEqual(["fe80::fc:ff:fe00:1", "::1"]);
});

it("knows the loopback address of this machine", async () => {
  expect(await readOwnAddresses()).toContain("127.0.0.1");
});
