import { expect, it } from "vitest";
import { parseListeners } from "./egress-network-exposure.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 010012AC:9C40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
   3: 010012AC:9C41 0200A8C0:01BB 01 00000000:00000000 00:00000000 00000000     0        0 4 1 0 100 0 0 10 0
`;
const table6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000
   2: 0000000000000000FFFF00000100007F:0BBA 00000000000000000000000000000000:0000 0A 00000000:00000000
`;

it("finds what listens on more than loopback", () => {
  expect(parseListeners(table, "0A")).toEqual([22, 40_000]);
  expect(parseListeners(table6, "0A")).toEqual([3_000]);
});
