import type { ContainerIdentity, IsolationPlan } from "../plan/isolation-plan.ts";
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
    RestartPolicy: { Name: "no" };
    LogConfig: { Type: string; Config: Record<string, string> };
    Mounts: { Type: "bind"; Source: string; Target: string; ReadOnly: boolean }[];
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
    HostConfig: hostConfig(plan),
  };
}

function hostConfig({ limits, hardening, ...plan }: IsolationPlan): CreateOptions["HostConfig"] {
  return {
    Memory: limits.memoryBytes,
    MemorySwap: limits.memorySwapBytes,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
    NetworkMode: plan.network,
    CapDrop: hardening.capDrop.map(capabilityName),
    CapAdd: hardening.capAdd.map(capabilityName),
    SecurityOpt: hardening.hasNoNewPrivileges ? ["no-new-privileges"] : [],
    Init: hardening.hasInit,
    ReadonlyRootfs: hardening.hasReadOnlyRoot,
    // A restart by Docker would reset the flags that a verdict rests on.
    RestartPolicy: { Name: "no" },
    LogConfig: { Type: plan.logDriver.name, Config: { ...plan.logDriver.options } },
    Mounts: plan.mounts.map(({ source, target, isReadOnly }) => ({
      Type: "bind",
      Source: source,
      Target: target,
      ReadOnly: isReadOnly,
    })),
  };
}

/** The engine keeps a name as it is given; this is how Docker's own client writes it. */
function capabilityName(capability: string): string {
  const name = capability.toUpperCase();
  return name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`;
}
