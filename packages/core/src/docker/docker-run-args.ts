import type { BindMount, ContainerIdentity, EnvVariable, IsolationPlan } from "../plan/isolation-plan.ts";
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
    `--network=${plan.network}`,
    ...hardeningArgs(plan),
    `--log-driver=${plan.logDriver.name}`,
    ...Object.entries(plan.logDriver.options).map(([name, value]) => `--log-opt=${name}=${value}`),
    ...plan.mounts.map(mountArg),
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
  ];
}

function hardeningArgs({ hardening }: IsolationPlan): string[] {
  return [
    ...hardening.capDrop.map((capability) => `--cap-drop=${capability}`),
    ...hardening.capAdd.map((capability) => `--cap-add=${capability}`),
    ...(hardening.hasNoNewPrivileges ? ["--security-opt=no-new-privileges"] : []),
    // Said either way: the engine may have a default of its own.
    hardening.hasInit ? "--init" : "--init=false",
    ...(hardening.hasReadOnlyRoot ? ["--read-only"] : []),
    ...(hardening.user === undefined ? [] : [`--user=${hardening.user}`]),
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

/** Exact bytes in Docker's largest unit that divides them: 512m, 1536m, 1000000b. */
function dockerSize(bytes: number): string {
  const units = [
    ["g", 1024 ** 3],
    ["m", 1024 ** 2],
    ["k", 1024],
  ] as const;
  const unit = units.find(([, size]) => bytes > 0 && bytes % size === 0);
  return unit === undefined ? `${bytes}b` : `${bytes / unit[1]}${unit[0]}`;
}

function dockerCpus(cpus: number): string {
  return Number.isInteger(cpus) ? cpus.toFixed(1) : cpus.toFixed(9).replace(/0+$/, "");
}
