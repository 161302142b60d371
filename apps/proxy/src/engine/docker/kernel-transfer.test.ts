import { expect, test } from "vitest";
import { receivedOf, writtenOf } from "./kernel-transfer.ts";

test("counts what came in on every device but the loopback", () => {
  const devices = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    5000      10    0    0    0     0          0         0     5000      10    0    0    0     0       0          0
  eth0: 1048576     700    0    0    0     0          0         0     9000     300    0    0    0     0       0          0
  eth1:12 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;
  expect(receivedOf(devices)).toBe(1_048_588);
});

test.each([
  ["cgroup v1", "8:0 Read 4096\n8:0 Write 1000\n8:0 Sync 0\n8:0 Total 5096\n254:0 Write 24\nTotal 5120\n", 1_024],
  ["cgroup v2", "8:0 rbytes=4096 wbytes=1000 rios=1 wios=2 dbytes=0 dios=0\n254:0 rbytes=0 wbytes=24\n", 1_024],
  ["a disk without accounting", "Total 0\n", 0],
  ["no such file", "", 0],
])("counts what was written: %s", (_, text, bytes) => {
  expect(writtenOf(text)).toBe(bytes);
});
