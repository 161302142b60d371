import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** A container whose processes this machine's own kernel runs. */
export interface LocalContainer {
  readonly containerId: string;
  /** Of its main process, as the engine tells it. */
  readonly pid: number;
}

/** What a container received from its networks and wrote to disk, from the kernel's files; undefined when it runs on another machine. */
export async function readKernelTransfer({ containerId, pid }: LocalContainer): Promise<number | undefined> {
  const groups = await readFile(`/proc/${pid}/cgroup`, "utf8");
  // The id in the path proves that the process is ours: with a remote engine the pid belongs to another machine.
  if (!groups.includes(containerId)) return undefined;
  const [received, written] = await Promise.all([readReceived(pid), readWritten(groups)]);
  return received + written;
}

/** 0 on the host's network: what comes in there is not the container's. */
async function readReceived(pid: number): Promise<number> {
  const [own, ours] = await Promise.all([readlink(`/proc/${pid}/ns/net`), readlink("/proc/self/ns/net")]);
  return own === ours ? 0 : receivedOf(await readFile(`/proc/${pid}/net/dev`, "utf8"));
}

/** From /proc/PID/net/dev: "  eth0: BYTES packets …". */
export function receivedOf(devices: string): number {
  return [...devices.matchAll(/^\s*([^\s:]+):\s*(\d+)/gm)]
    .filter(([, name]) => name !== "lo")
    .reduce((sum, [, , bytes]) => sum + Number(bytes), 0);
}

async function readWritten(groups: string): Promise<number> {
  const text = await readFile(writtenFile(groups), "utf8").catch(() => "");
  return writtenOf(text);
}

function writtenFile(groups: string): string {
  const path = /^\d+:blkio:(.+)$/m.exec(groups)?.[1];
  if (path !== undefined) return join("/sys/fs/cgroup/blkio", path, "blkio.throttle.io_service_bytes");
  return join("/sys/fs/cgroup", /^0::(.+)$/m.exec(groups)?.[1] ?? "", "io.stat");
}

/** From blkio.throttle.io_service_bytes ("8:0 Write BYTES") or io.stat ("8:0 rbytes=… wbytes=BYTES …"). */
export function writtenOf(text: string): number {
  return [...text.matchAll(/^\d+:\d+ (?:Write |.*\bwbytes=)(\d+)/gm)].reduce(
    (sum, [, bytes]) => sum + Number(bytes),
    0,
  );
}
