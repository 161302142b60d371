import { z } from "zod";
import type { DockerConnector } from "./docker-connector.ts";

const statsSchema = z.object({
  networks: z.record(z.string(), z.object({ rx_bytes: z.number() })).nullish(),
  blkio_stats: z.object({
    io_service_bytes_recursive: z.array(z.object({ op: z.string(), value: z.number() })).nullish(),
  }),
});

/** What a container received from its networks and wrote to disk since its start; undefined when the engine does not say. */
export async function readTransferredBytes(
  connector: DockerConnector,
  containerId: string,
): Promise<number | undefined> {
  try {
    const { docker } = await connector.connect();
    const answer: unknown = await docker.getContainer(containerId).stats({ stream: false, "one-shot": true });
    return sumOf(statsSchema.parse(answer));
  } catch {
    // A container that ends right now; its end is told elsewhere.
    return undefined;
  }
}

function sumOf({ networks, blkio_stats: disk }: z.output<typeof statsSchema>): number {
  const received = Object.values(networks ?? {}).reduce((sum, network) => sum + network.rx_bytes, 0);
  // "Write" on cgroup v1, "write" on v2.
  const writes = (disk.io_service_bytes_recursive ?? []).filter(({ op }) => op.toLowerCase() === "write");
  return writes.reduce((sum, { value }) => sum + value, received);
}
