import { z } from "zod";
import { remember } from "../remember.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { inspectState } from "./inspect-outcome.ts";
import { readKernelTransfer } from "./kernel-transfer.ts";

const statsSchema = z.object({
  networks: z.record(z.string(), z.object({ rx_bytes: z.number() })).nullish(),
  blkio_stats: z.object({
    io_service_bytes_recursive: z.array(z.object({ op: z.string(), value: z.number() })).nullish(),
  }),
});

/**
 * Reads what a container received from its networks and wrote to disk since its start: from the kernel's files where the
 * container runs on this machine (at once), else from the stats API (an engine takes a second or two for its answer).
 */
export function createTransferReader(
  connector: DockerConnector,
  containerId: string,
): () => Promise<number | undefined> {
  const pid = remember(async () => (await inspectState((await connector.connect()).docker, containerId)).pid);
  return async () => {
    try {
      const { docker } = await connector.connect();
      const known = await pid.get();
      const local =
        known === undefined ? undefined : await readKernelTransfer({ containerId, pid: known }).catch(ignore);
      if (local !== undefined) return local;
      return transferredBytesOf(await docker.getContainer(containerId).stats({ stream: false, "one-shot": true }));
    } catch {
      // A container that ends right now; its end is told elsewhere.
      return undefined;
    }
  };
}

/** Files of another user's process, or of one that ends right now: the engine may tell more. */
const ignore = (): undefined => undefined;

/** From an answer of the stats API. */
export function transferredBytesOf(stats: unknown): number {
  const { networks, blkio_stats: disk } = statsSchema.parse(stats);
  const received = Object.values(networks ?? {}).reduce((sum, network) => sum + network.rx_bytes, 0);
  // "Write" on cgroup v1, "write" on v2.
  const writes = (disk.io_service_bytes_recursive ?? []).filter(({ op }) => op.toLowerCase() === "write");
  return writes.reduce((sum, { value }) => sum + value, received);
}
