import type { EgressSide } from "../egress.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { egressAddressOf, ensureEgressNetwork, findEgressNetwork, removeEgressNetwork } from "./egress-network.ts";
import { guardHostPorts, unguardHostPorts } from "./egress-network-guard.ts";

/** Networks for allow-lists on a Docker engine. */
export function createEgressSide(connector: DockerConnector, owner: { readonly instanceId: string }): EgressSide {
  return {
    ensure: () => ensureEgressNetwork(connector, owner),
    addressOf: (containerId) => egressAddressOf(connector, { ...owner, containerId }),
    guard: guardHostPorts,
    async remove() {
      const network = await findEgressNetwork(connector, owner);
      // The guard stays as long as the network: a container of another MCPProxy with this instance may still be on it.
      if (network !== undefined && (await removeEgressNetwork(connector, owner)) === "removed")
        await unguardHostPorts(network);
    },
  };
}
