import type { EngineInForce, InForce, MountInForce } from "@mcpproxy/core/report/in-force";
import type Docker from "dockerode";
import { z } from "zod";
import type { EngineInfo } from "./engine-info.ts";
import { containerSchema, type ContainerFacts } from "./in-force-schema.ts";

/** Networks that every engine has; anything else is asked for whether it has a way out. */
const builtInNetwork = /^(?:default|bridge|host|none|container:.*)$/;

const networkSchema = z.object({ Internal: z.boolean().default(false) });

/**
 * What the engine says is in force for a container, which may not have been started yet.
 * Throws when the engine does not answer, or answers what nobody knows: a report must not be guessed.
 */
export async function readInForce(
  docker: Docker,
  containerId: string,
  engineInfo: Promise<EngineInfo>,
): Promise<InForce> {
  const [inspected, engine] = await Promise.all([docker.getContainer(containerId).inspect(), engineInfo]);
  const facts = containerSchema.parse(inspected);
  return {
    ...limitsOf(facts),
    ...privilegesOf(facts, engine),
    ...(await networkOf(docker, facts)),
    ...namespacesOf(facts),
    devices: devicesOf(facts),
    mounts: facts.Mounts.map(mountOf),
    hasInit: facts.HostConfig.Init ?? false,
    restartPolicy: facts.HostConfig.RestartPolicy.Name,
    engine: engineOf(engine),
  };
}

function limitsOf({ HostConfig: host }: ContainerFacts) {
  return {
    memoryBytes: host.Memory,
    memorySwapBytes: host.MemorySwap,
    // The same limit, said as quota and period by older clients.
    nanoCpus: host.NanoCpus > 0 ? host.NanoCpus : quotaInNanoCpus(host),
    pidsLimit: host.PidsLimit ?? 0,
    isOomKillDisabled: host.OomKillDisable ?? false,
  };
}

function quotaInNanoCpus({ CpuQuota, CpuPeriod }: ContainerFacts["HostConfig"]): number {
  return CpuQuota > 0 ? Math.round((CpuQuota / (CpuPeriod || 100_000)) * 1e9) : 0;
}

function privilegesOf({ HostConfig: host, Config }: ContainerFacts, engine: EngineInfo) {
  return {
    isPrivileged: host.Privileged,
    capDrop: host.CapDrop ?? [],
    capAdd: host.CapAdd ?? [],
    securityOpt: host.SecurityOpt ?? [],
    // Engines that do not tell hide them; null and none at all say that they do not.
    areSystemPathsMasked: host.MaskedPaths === undefined || (host.MaskedPaths?.length ?? 0) > 0,
    isReadOnlyRoot: host.ReadonlyRootfs,
    user: Config.User,
    ociRuntime: host.Runtime || engine.DefaultRuntime,
  };
}

async function networkOf(docker: Docker, { HostConfig: host }: ContainerFacts) {
  const networkMode = host.NetworkMode || "default";
  const isInternalNetwork = !builtInNetwork.test(networkMode) && (await isInternal(docker, networkMode));
  return {
    networkMode,
    isInternalNetwork,
    hasPublishedPorts: host.PublishAllPorts || Object.keys(host.PortBindings ?? {}).length > 0,
  };
}

async function isInternal(docker: Docker, network: string): Promise<boolean> {
  return networkSchema.parse(await docker.getNetwork(network).inspect()).Internal;
}

function namespacesOf({ HostConfig: host }: ContainerFacts) {
  return { pidMode: host.PidMode, ipcMode: host.IpcMode, utsMode: host.UTSMode, usernsMode: host.UsernsMode };
}

function devicesOf({ HostConfig: host }: ContainerFacts): readonly string[] {
  return [
    ...(host.Devices ?? []).map(({ PathOnHost }) => PathOnHost),
    ...(host.DeviceCgroupRules ?? []),
    ...(host.DeviceRequests ?? []).map(({ Driver }) => Driver || "GPUs"),
  ];
}

function mountOf(mount: ContainerFacts["Mounts"][number]): MountInForce {
  return {
    kind: mountKinds.find((kind) => kind === mount.Type) ?? "other",
    source: mount.Type === "volume" ? (mount.Name ?? mount.Source) : mount.Source,
    target: mount.Destination,
    isReadOnly: !mount.RW,
  };
}

const mountKinds = ["bind", "volume", "tmpfs"] as const;

function engineOf(info: EngineInfo): EngineInForce {
  const options = new Set((info.SecurityOptions ?? []).map((option) => /^(?:name=)?(\w+)/.exec(option)?.[1]));
  return {
    enforcesMemory: info.MemoryLimit,
    enforcesSwap: info.SwapLimit,
    enforcesCpus: info.CpuCfsQuota,
    enforcesPids: info.PidsLimit,
    hasSeccomp: options.has("seccomp"),
    hasMandatoryAccessControl: options.has("apparmor") || options.has("selinux"),
    isRootMapped: options.has("rootless") || options.has("userns"),
  };
}
