import type { BindMount, ContainerIdentity, IsolationPlan } from "../plan/isolation-plan.ts";
import { cacheVolumeName } from "./cache-volume-name.ts";
import { clientCapabilities } from "./client-capabilities.ts";
import { containerLabels } from "./labels.ts";

/** The fields of POST /containers/create (Engine API 1.41) that MCPProxy uses. The name is a query parameter. */
export interface CreateOptions {
  Image: string;
  Entrypoint: string[];
  Cmd: string[];
  Env: string[];
  Labels: Record<string, string>;
  WorkingDir?: string;
  User?: string;
  AttachStdin: true;
  AttachStdout: true;
  AttachStderr: true;
  OpenStdin: true;
  StdinOnce: true;
  Tty: false;
  HostConfig: {
    Memory: number;
    MemorySwap: number;
    NanoCpus: number;
    PidsLimit: number;
    NetworkMode: string;
    CapDrop: string[];
    CapAdd: string[];
    SecurityOpt: string[];
    Init: boolean;
    ReadonlyRootfs: boolean;
    Runtime?: string;
    ShmSize?: number;
    Ulimits: { Name: string; Soft: number; Hard: number }[];
    Tmpfs: Record<string, string>;
    Devices: { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[];
    Dns: string[];
    DnsOptions: string[];
    ExtraHosts: string[];
    RestartPolicy: { Name: "no" };
    LogConfig: { Type: string; Config: Record<string, string> };
    Mounts: { Type: "bind" | "volume"; Source: string; Target: string; ReadOnly: boolean }[];
  };
}

/**
 * The body of POST /containers/create for a plan, secret values included; never log it.
 * The container equals the one that `toDockerRunArgs` describes.
 */
export function toCreateOptions(plan: IsolationPlan, identity: ContainerIdentity): CreateOptions {
  return {
    Image: plan.image,
    // One empty word is the engine's way to say: without the image's own entrypoint.
    Entrypoint: [""],
    Cmd: [...plan.command],
    Env: plan.env.map(({ name, value }) => `${name}=${value}`),
    Labels: containerLabels(plan.server, identity),
    ...(plan.workingDir === undefined ? {} : { WorkingDir: plan.workingDir }),
    ...(plan.hardening.user === undefined ? {} : { User: plan.hardening.user }),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    HostConfig: hostConfig(plan, identity),
  };
}

function hostConfig(
  { limits, hardening, network, ...plan }: IsolationPlan,
  identity: ContainerIdentity,
): CreateOptions["HostConfig"] {
  return {
    Memory: limits.memoryBytes,
    MemorySwap: limits.memorySwapBytes,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
    NetworkMode: network.mode,
    Dns: [...network.dns],
    DnsOptions: [...(network.dnsOptions ?? [])],
    ExtraHosts: [...network.extraHosts],
    CapDrop: clientCapabilities(hardening.capDrop),
    CapAdd: clientCapabilities(hardening.capAdd),
    SecurityOpt: [...(hardening.hasNoNewPrivileges ? ["no-new-privileges"] : []), ...hardening.securityOpt],
    Init: hardening.hasInit,
    ReadonlyRootfs: hardening.hasReadOnlyRoot,
    ...(hardening.ociRuntime === undefined ? {} : { Runtime: hardening.ociRuntime }),
    ...(limits.shmBytes === undefined ? {} : { ShmSize: limits.shmBytes }),
    Ulimits: limits.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Tmpfs: Object.fromEntries(plan.tmpfs.map(({ path, options }) => [path, options])),
    Devices: plan.devices.map(({ hostPath, containerPath, permissions }) => ({
      PathOnHost: hostPath,
      PathInContainer: containerPath,
      CgroupPermissions: permissions,
    })),
    // A restart by Docker would reset the flags that a verdict rests on.
    RestartPolicy: { Name: "no" },
    LogConfig: { Type: plan.logDriver.name, Config: { ...plan.logDriver.options } },
    Mounts: [...plan.mounts.map(bindMount), ...cacheMount(plan, identity)],
  };
}

function bindMount({ source, target, isReadOnly }: BindMount): CreateOptions["HostConfig"]["Mounts"][number] {
  return { Type: "bind", Source: source, Target: target, ReadOnly: isReadOnly };
}

function cacheMount(
  { server, cache }: Pick<IsolationPlan, "server" | "cache">,
  { instanceId }: ContainerIdentity,
): CreateOptions["HostConfig"]["Mounts"] {
  if (cache === undefined) return [];
  return [{ Type: "volume", Source: cacheVolumeName(instanceId, server), Target: cache.target, ReadOnly: false }];
}
