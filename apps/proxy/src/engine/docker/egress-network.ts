import { createHash } from "node:crypto";
import { instanceLabel, managedLabel, ownershipFilters } from "@mcpproxy/core/docker/labels";
import type Docker from "dockerode";
import { z } from "zod";
import type { EgressNetwork } from "../egress.ts";
import { EngineError } from "../engine.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { engineMessageOf, isNotFound, isUnreachable, statusCodeOf } from "./docker-error.ts";

interface NetworkOwner {
  readonly instanceId: string;
}

/**
 * Older engines answer names on internal networks too, by asking the host's own resolver where that listens on loopback
 * (CVE-2024-29018): a way out for data. A server given by hand is asked from inside the container only, and there
 * nothing answers; any version of the engine reads 127.0.0.1 as the container's own.
 */
const dns = ["127.0.0.1"] as const;
/** Without them a name that nobody answers takes 10 s to fail. */
const dnsOptions = ["timeout:1", "attempts:1"] as const;

const iccOption = "com.docker.network.bridge.enable_icc";
const bridgeNameOption = "com.docker.network.bridge.name";

const networkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string(),
  Internal: z.boolean(),
  Options: z.record(z.string(), z.string()).nullish(),
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string(), Gateway: z.string().optional() })).nullish() }),
});
type NetworkFacts = z.infer<typeof networkSchema>;

/**
 * Makes sure that this instance's egress network is there: internal, without traffic between its containers.
 * @throws EngineError stage "create" when it cannot be created, or exists with other settings; "engine" when unreachable
 */
export async function ensureEgressNetwork(connector: DockerConnector, owner: NetworkOwner): Promise<EgressNetwork> {
  return callEngine(connector, async (docker) => {
    const facts = (await findOwned(docker, owner)) ?? (await create(docker, owner));
    return toEgressNetwork(facts);
  });
}

/** This instance's egress network, if there is one. */
export async function findEgressNetwork(
  connector: DockerConnector,
  owner: NetworkOwner,
): Promise<EgressNetwork | undefined> {
  return callEngine(connector, async (docker) => {
    const facts = await findOwned(docker, owner);
    return facts === undefined ? undefined : toEgressNetwork(facts);
  });
}

/** Removes this instance's egress network unless a container still uses it. */
export async function removeEgressNetwork(
  connector: DockerConnector,
  owner: NetworkOwner,
): Promise<"removed" | "in_use" | "absent"> {
  return callEngine(connector, async (docker) => {
    const facts = await findOwned(docker, owner);
    if (facts === undefined) return "absent";
    try {
      await docker.getNetwork(facts.Id).remove();
      return "removed";
    } catch (error) {
      if (isNotFound(error)) return "absent";
      if (statusCodeOf(error) === 403 || statusCodeOf(error) === 409) return "in_use";
      throw error;
    }
  });
}

/** The address of a running container on this instance's egress network; undefined when it has none. */
export async function egressAddressOf(
  connector: DockerConnector,
  { instanceId, containerId }: NetworkOwner & { readonly containerId: string },
): Promise<string | undefined> {
  return callEngine(connector, async (docker) => {
    try {
      const facts = await docker.getContainer(containerId).inspect();
      return facts.NetworkSettings.Networks[egressNetworkName(instanceId)]?.IPAddress || undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });
}

export function egressNetworkName(instanceId: string): string {
  return `mcpproxy-egress-${instanceId}`;
}

/** Interface names have 15 characters; a fixed one also makes the engine refuse a second network in a race. */
function bridgeNameOf(instanceId: string): string {
  return `mcpp${createHash("sha256").update(instanceId).digest("hex").slice(0, 11)}`;
}

async function findOwned(docker: Docker, { instanceId }: NetworkOwner): Promise<NetworkFacts | undefined> {
  const answer: unknown = await docker.listNetworks({ filters: JSON.stringify(ownershipFilters(instanceId)) });
  const networks = z.array(networkSchema).parse(answer);
  return networks.find((network) => network.Name === egressNetworkName(instanceId));
}

async function create(docker: Docker, owner: NetworkOwner): Promise<NetworkFacts> {
  const name = egressNetworkName(owner.instanceId);
  const failure = await docker
    .createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: "bridge",
      Internal: true,
      EnableIPv6: false,
      Labels: { [managedLabel]: "true", [instanceLabel]: owner.instanceId },
      Options: { [iccOption]: "false", [bridgeNameOption]: bridgeNameOf(owner.instanceId) },
    })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  // After a lost race the winner's network is there.
  const facts = await findOwned(docker, owner);
  if (facts !== undefined) return facts;
  if (failure === undefined || isUnreachable(failure)) throw failure ?? missing(name);
  throw new EngineError(
    `Docker did not create the network ${name} for network_mode "allowlist": ${engineMessageOf(failure)}.`,
    { stage: "create" },
    { cause: failure },
  );
}

function missing(name: string): EngineError {
  return new EngineError(`The network ${name} was removed right after it was created; start the server again.`, {
    stage: "create",
  });
}

function toEgressNetwork({ Name, Driver, Internal, Options, IPAM }: NetworkFacts): EgressNetwork {
  const bridgeName = Options?.[bridgeNameOption];
  const ipv4 = (IPAM.Config ?? []).find((config) => config.Subnet.includes("."));
  const isClosed = Driver === "bridge" && Internal && Options?.[iccOption] === "false";
  if (!isClosed || bridgeName === undefined || ipv4?.Gateway === undefined) {
    throw new EngineError(
      `The network ${Name} exists with settings that do not isolate; remove it with \`docker network rm ${Name}\`, then start the server again.`,
      { stage: "create" },
    );
  }
  return { name: Name, bridgeName, gatewayAddress: ipv4.Gateway, subnet: ipv4.Subnet, dns, dnsOptions };
}

async function callEngine<Value>(connector: DockerConnector, call: (docker: Docker) => Promise<Value>): Promise<Value> {
  try {
    return await call((await connector.connect()).docker);
  } catch (error) {
    if (error instanceof EngineError || !isUnreachable(error)) throw error;
    throw connector.unreachable(error);
  }
}
