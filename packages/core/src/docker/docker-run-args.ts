import { dockerSize } from "../format/docker-size.ts";
import type { BindMount, ContainerIdentity, EnvVariable, IsolationPlan } from "../plan/isolation-plan.ts";
import { cacheVolumeName } from "./cache-volume-name.ts";
import { containerLabels } from "./labels.ts";

/**
 * The arguments of `docker` that create the same container as the plan: `["run", "-i", …, image, program, …]`.
 * Secrets stand there by name only; `docker run` then takes their values from its own environment.
 */
export function toDockerRunArgs(plan: IsolationPlan, identity: ContainerIdentity): string[] {
  const labels = Object.entries(containerLabels(plan.server, identity));
  return [
    "run",
    "-i",
    `--name=${identity.name}`,
    ...labels.map(([name, value]) => `--label=${name}=${value}`),
    ...limitArgs(plan),
    ...networkArgs(plan),
    ...hardeningArgs(plan),
    ...(plan.platform === undefined ? [] : [`--platform=${plan.platform}`]),
    `--log-driver=${plan.logDriver.name}`,
    ...Object.entries(plan.logDriver.options).map(([name, value]) => `--log-opt=${name}=${value}`),
    ...plan.mounts.map(mountArg),
    ...cacheArg(plan, identity),
    ...plan.tmpfs.map(({ path, options }) => `--tmpfs=${options === "" ? path : `${path}:${options}`}`),
    ...plan.devices.map(
      ({ hostPath, containerPath, permissions }) => `--device=${hostPath}:${containerPath}:${permissions}`,
    ),
    ...(plan.workingDir === undefined ? [] : [`--workdir=${plan.workingDir}`]),
    ...plan.env.map(envArg),
    // Resets the image's own entrypoint, so that exactly the words after the image run.
    "--entrypoint=",
    plan.image,
    ...plan.command,
  ];
}

function limitArgs({ limits }: IsolationPlan): string[] {
  return [
    `--memory=${dockerSize(limits.memoryBytes)}`,
    `--memory-swap=${dockerSize(limits.memorySwapBytes)}`,
    `--cpus=${dockerCpus(limits.cpus)}`,
    `--pids-limit=${limits.pids}`,
    ...(limits.shmBytes === undefined ? [] : [`--shm-size=${dockerSize(limits.shmBytes)}`]),
    ...limits.ulimits.map(({ name, soft, hard }) => `--ulimit=${name}=${soft}:${hard}`),
  ];
}

function networkArgs({ network }: IsolationPlan): string[] {
  return [
    `--network=${network.mode}`,
    ...network.dns.map((address) => `--dns=${address}`),
    ...(network.dnsOptions ?? []).map((option) => `--dns-option=${option}`),
    ...network.extraHosts.map((host) => `--add-host=${host}`),
  ];
}

function cacheArg({ server, cache }: IsolationPlan, { instanceId }: ContainerIdentity): string[] {
  if (cache === undefined) return [];
  const fields = ["type=volume", `source=${cacheVolumeName(instanceId, server)}`, `target=${cache.target}`];
  return [`--mount=${fields.map(csvField).join(",")}`];
}

function hardeningArgs({ hardening }: IsolationPlan): string[] {
  return [
    ...hardening.capDrop.map((capability) => `--cap-drop=${capability}`),
    ...hardening.capAdd.map((capability) => `--cap-add=${capability}`),
    ...(hardening.hasNoNewPrivileges ? ["--security-opt=no-new-privileges"] : []),
    ...hardening.securityOpt.map((option) => `--security-opt=${option}`),
    // Said either way: the engine may have a default of its own.
    hardening.hasInit ? "--init" : "--init=false",
    ...(hardening.hasReadOnlyRoot ? ["--read-only"] : []),
    ...(hardening.user === undefined ? [] : [`--user=${hardening.user}`]),
    ...(hardening.ociRuntime === undefined ? [] : [`--runtime=${hardening.ociRuntime}`]),
  ];
}

/** --mount instead of --volume: it takes any path byte for byte, and refuses a host path that does not exist. */
function mountArg(mount: BindMount): string {
  const fields = [
    "type=bind",
    `source=${mount.source}`,
    `target=${mount.target}`,
    ...(mount.isReadOnly ? ["readonly"] : []),
  ];
  return `--mount=${fields.map(csvField).join(",")}`;
}

function csvField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function envArg(variable: EnvVariable): string {
  return variable.isSecret ? `--env=${variable.name}` : `--env=${variable.name}=${variable.value}`;
}

function dockerCpus(cpus: number): string {
  return Number.isInteger(cpus) ? cpus.toFixed(1) : cpus.toFixed(9).replace(/0+$/, "");
}
