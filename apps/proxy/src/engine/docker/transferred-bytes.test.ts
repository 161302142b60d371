import { expect, test } from "vitest";
import { transferredBytesOf } from "./transferred-bytes.ts";

const disk = (op: "Write" | "write", read: "Read" | "read") => [
  { major: 254, minor: 0, op: read, value: 4_096 },
  { major: 254, minor: 0, op, value: 1_000 },
  { major: 254, minor: 16, op, value: 500 },
];

test.each([
  [
    "cgroup v1, on a bridge",
    {
      networks: { eth0: { rx_bytes: 700, tx_bytes: 9 } },
      blkio_stats: { io_service_bytes_recursive: disk("Write", "Read") },
    },
    2_200,
  ],
  [
    "cgroup v2, on two networks",
    {
      networks: { eth0: { rx_bytes: 1 }, eth1: { rx_bytes: 2 } },
      blkio_stats: { io_service_bytes_recursive: disk("write", "read") },
    },
    1_503,
  ],
  ["a container without a network that wrote nothing", { blkio_stats: { io_service_bytes_recursive: null } }, 0],
  ["Docker 20.10 on a disk without accounting", { networks: {}, blkio_stats: { io_service_bytes_recursive: [] } }, 0],
])("counts what came in and what was written: %s", (_, stats, bytes) => {
  expect(transferredBytesOf(stats)).toBe(bytes);
});
