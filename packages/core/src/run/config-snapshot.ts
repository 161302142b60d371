import { maskDockerRunSecrets } from "../plan/docker-run-identity.ts";
import type {
  DirectLaunch,
  EngineSelection,
  EnvVariable,
  IsolationPlan,
  Limits,
  PlanResult,
  RemoteEndpoint,
} from "../plan/isolation-plan.ts";
import type { Redactor } from "../redaction/redact.ts";

export type SnapshotValue = string | number | boolean | readonly string[];

/** What a run was started from, without secrets: two runs with the same settings have the same hash. */
export interface ConfigSnapshot {
  /** 16 hex digits, made with the installation's own key: nobody without it can try values against it. */
  readonly hash: string;
  /** Values by the key of the config file, `env.NAME` for variables, `headers.NAME` for headers; what is unset or empty is left out. */
  readonly values: Readonly<Record<string, SnapshotValue>>;
}

export interface ConfigSnapshotInput {
  readonly server: string;
  readonly plan: PlanResult;
  readonly redact: Redactor;
  /** A keyed hash (HMAC) as hex: plain hashes of short secrets can be guessed. */
  fingerprint(text: string): string;
}

type Fields = Readonly<Record<string, SnapshotValue | undefined>>;

const hashLength = 16;
/** Enough to see a change, and too little to check a guess with certainty even for who has the key. */
const valueFingerprintLength = 8;

/** The snapshot of a plan. Values of the config's `env` come in as short keyed fingerprints, known secrets masked. */
export function configSnapshotOf(input: ConfigSnapshotInput): ConfigSnapshot {
  const { server, plan, redact, fingerprint } = input;
  const fields = sortedFields(fieldsOf(plan, maskedWith(redact)));
  const env = envOf(plan).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  // Of the true values: a secret that changes is another configuration also where its mask looks the same.
  const whole = JSON.stringify([
    server,
    sortedFields(fieldsOf(plan, asItIs)),
    env.map(({ name, value }) => [name, value]),
  ]);
  const isRemote = plan.kind === "direct" && plan.launch.remote !== undefined;
  const variables = env.map(({ name, value, isSecret }): readonly [string, string] => [
    `${isRemote ? "headers" : "env"}.${name}`,
    isSecret ? fingerprint(JSON.stringify([server, name, value])).slice(0, valueFingerprintLength) : redact(value),
  ]);
  return {
    hash: fingerprint(whole).slice(0, hashLength),
    values: { ...Object.fromEntries(fields), ...Object.fromEntries(variables) },
  };
}

/** How texts come in that may hold a secret. */
interface Wording {
  text(text: string): string;
  /** The command of a process on the host. */
  command(launch: DirectLaunch): readonly string[];
  /** The address of a remote server; undefined when its command says enough. */
  url(remote: RemoteEndpoint): string | undefined;
}

const asItIs: Wording = { text: (text) => text, command: ({ command }) => command, url: ({ url }) => url };

function maskedWith(redact: Redactor): Wording {
  return {
    text: redact,
    command: ({ command, dockerRun }) =>
      (dockerRun === undefined ? command : maskDockerRunSecrets(command, dockerRun)).map(redact),
    url: () => undefined,
  };
}

function sortedFields(fields: Fields): readonly (readonly [string, SnapshotValue])[] {
  return Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined || isEmpty(value) ? [] : [[key, value] as const]))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function isEmpty(value: SnapshotValue): boolean {
  return typeof value === "object" && value.length === 0;
}

function envOf(plan: PlanResult): readonly EnvVariable[] {
  switch (plan.kind) {
    case "isolated":
      return plan.plan.env;
    case "direct":
      return plan.launch.env;
    case "refused":
      return [];
    default:
      return plan satisfies never;
  }
}

function fieldsOf(plan: PlanResult, wording: Wording): Fields {
  switch (plan.kind) {
    case "isolated":
      return isolatedFields(plan.plan, wording);
    case "direct":
      return {
        isolation: plan.launch.remote === undefined ? "none" : "remote",
        command: wording.command(plan.launch),
        url: plan.launch.remote === undefined ? undefined : wording.url(plan.launch.remote),
        type: plan.launch.remote?.transport,
        ca_certificates: plan.launch.remote?.caFile,
        working_dir: plan.launch.workingDir,
        docker: plan.launch.dockerRun === undefined ? undefined : engineName(plan.launch.engine),
        ...timeoutFields(plan.launch.timeouts),
      };
    case "refused":
      return { isolation: "refused", reason: plan.refusal.code, message: wording.text(plan.refusal.message) };
    default:
      return plan satisfies never;
  }
}

function isolatedFields(plan: IsolationPlan, wording: Wording): Fields {
  return {
    isolation: "docker",
    docker: engineName(plan.engine),
    image: plan.image,
    platform: plan.platform,
    pull_policy: plan.pullPolicy,
    command: plan.command.map((word) => wording.text(word)),
    working_dir: plan.workingDir,
    ...limitFields(plan.limits),
    ...networkFields(plan.network),
    ...fileFields(plan, wording),
    ...hardeningFields(plan.hardening),
    log_driver: plan.logDriver.name,
    log_options: Object.entries(plan.logDriver.options)
      .map(([name, value]) => `${name}=${wording.text(value)}`)
      .toSorted(),
    ...timeoutFields(plan.timeouts),
  };
}

function limitFields({ memoryBytes, memorySwapBytes, cpus, pids, shmBytes, ulimits }: Limits): Fields {
  return {
    memory_limit: memoryBytes,
    memory_swap: memorySwapBytes,
    cpu_limit: cpus,
    pids_limit: pids,
    shm_size: shmBytes,
    ulimits: ulimits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`),
  };
}

function networkFields({ mode, allowHosts, dns, dnsOptions, extraHosts }: IsolationPlan["network"]): Fields {
  return {
    network_mode: mode,
    allow_hosts: allowHosts,
    dns,
    dns_options: dnsOptions,
    extra_hosts: extraHosts,
  };
}

function fileFields({ mounts, tmpfs, devices, cache }: IsolationPlan, wording: Wording): Fields {
  return {
    volumes: mounts.map(({ source, target, isReadOnly }) =>
      wording.text(`${source}:${target}${isReadOnly ? ":ro" : ""}`),
    ),
    tmpfs: tmpfs.map(({ path, options }) => (options === "" ? path : `${path}:${options}`)),
    devices: devices.map(({ hostPath, containerPath, permissions }) => `${hostPath}:${containerPath}:${permissions}`),
    cache_volume: cache?.target,
  };
}

function hardeningFields(hardening: IsolationPlan["hardening"]): Fields {
  return {
    cap_drop: hardening.capDrop,
    cap_add: hardening.capAdd,
    no_new_privileges: hardening.hasNoNewPrivileges,
    security_opt: hardening.securityOpt,
    init: hardening.hasInit,
    read_only: hardening.hasReadOnlyRoot,
    user: hardening.user,
    runtime: hardening.ociRuntime,
  };
}

function timeoutFields({ pullMs, startMs, stopMs }: IsolationPlan["timeouts"]): Fields {
  return { pull_timeout: pullMs, timeout: startMs, stop_timeout: stopMs };
}

function engineName(engine: EngineSelection): string | undefined {
  switch (engine.kind) {
    case "default":
      return undefined;
    case "context":
      return engine.name;
    case "host":
      return engine.host;
    default:
      return engine satisfies never;
  }
}
