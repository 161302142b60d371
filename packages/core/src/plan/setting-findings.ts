import type { ServerConfig } from "@mcpproxy/config-schema/config";
import { formatBytes } from "../format/bytes.ts";
import type { ChosenImage } from "./choose-image.ts";
import type { CeilingName, EffectiveSettings } from "./effective-settings.ts";
import type { Finding } from "./finding.ts";
import { imageWithGit } from "./git-package.ts";
import { usesCache } from "./cache-volume.ts";

type Values = EffectiveSettings["values"];

const ceilingKeys: Readonly<Record<CeilingName, { readonly key: string; readonly ceiling: string }>> = {
  memoryLimitBytes: { key: "memory_limit", ceiling: "max_memory_limit" },
  memorySwapBytes: { key: "memory_swap", ceiling: "max_memory_limit" },
  cpus: { key: "cpu_limit", ceiling: "max_cpu_limit" },
  pidsLimit: { key: "pids_limit", ceiling: "max_pids_limit" },
  shmBytes: { key: "shm_size", ceiling: "max_shm_size" },
};

/** Capabilities that come close to owning the machine. */
export const strongCapabilities = new Set([
  "ALL",
  "SYS_ADMIN",
  "SYS_PTRACE",
  "SYS_MODULE",
  "SYS_RAWIO",
  "DAC_READ_SEARCH",
  "NET_ADMIN",
  "BPF",
  "SYS_BOOT",
  "SYS_TIME",
  "SYSLOG",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
]);

/** What a person should know about the settings of an isolated server. */
export function settingFindings(
  server: ServerConfig,
  { values, ceiled }: EffectiveSettings,
  chosen: ChosenImage,
): readonly Finding[] {
  return [
    ...ceiled.map(overCeiling),
    ...networkFindings(values, chosen),
    ...privilegeFindings(values),
    ...keptCapabilities(values),
    ...swapFinding(values),
    ...gitFinding(server, chosen),
  ];
}

function overCeiling({ name, wanted, ceiling }: EffectiveSettings["ceiled"][number]): Finding {
  const { key, ceiling: ceilingKey } = ceilingKeys[name];
  const show = (value: number) => (name === "cpus" || name === "pidsLimit" ? String(value) : formatBytes(value));
  return {
    code: "over_ceiling",
    severity: "warning",
    message: `${key} is ${show(wanted)}, but ${ceilingKey} allows ${show(ceiling)}: that is what the server gets.`,
    remedy: `Lower ${key}, or raise ${ceilingKey} in docker_isolation.`,
  };
}

function networkFindings(
  { networkMode, allowHosts, capAdd, capDrop }: Values,
  chosen: ChosenImage,
): readonly Finding[] {
  switch (networkMode) {
    case "host":
      return [
        {
          code: "host_network",
          severity: "danger",
          message: "The server shares this machine's network: it reaches everything that listens on localhost.",
          remedy: 'Set network_mode to "bridge", or to "allowlist" with the hosts that it needs.',
          fix: { key: "network_mode", operation: "set", value: "bridge" },
        },
      ];
    case "allowlist":
      return [...(allowHosts.length > 0 ? [] : [allowHostsEmpty]), ...addressForgery({ capAdd, capDrop })];
    case "none":
      return usesCache(chosen.runtime) ? [networkNeeded(chosen)] : unusedHosts(allowHosts);
    default:
      return unusedHosts(allowHosts);
  }
}

const allowHostsEmpty: Finding = {
  code: "allow_hosts_empty",
  severity: "warning",
  message: 'network_mode is "allowlist", but allow_hosts is empty: the server reaches nothing.',
  remedy: "Name the hosts that it needs in allow_hosts.",
};

/** The filter knows a container by its address; who may write raw packets can take another's. */
function addressForgery({ capAdd, capDrop }: Pick<Values, "capAdd" | "capDrop">): readonly Finding[] {
  const named = (names: readonly string[]) => names.map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  const added = named(capAdd).filter((name) => ["NET_RAW", "NET_ADMIN", "ALL"].includes(name));
  const keepsRaw = !named(capDrop).some((name) => name === "ALL" || name === "NET_RAW");
  if (added.length === 0 && !keepsRaw) return [];
  return [
    {
      code: "dangerous_setting",
      severity: "danger",
      message: `With ${added.join(", ") || "NET_RAW"} the server can pose as another one, and use that one's allow_hosts.`,
      remedy: 'Leave cap_drop at ["ALL"], and do not add NET_RAW, NET_ADMIN or ALL.',
    },
  ];
}

/** With npx and its like the program itself comes over the network. */
function networkNeeded({ runtime }: ChosenImage): Finding {
  return {
    code: "network_needed",
    severity: "warning",
    message: `${runtime} downloads the server when it starts, and network_mode is "none": it only starts when the package is on its cache volume or in the image.`,
    remedy: `Set network_mode to "allowlist" with the package registry in allow_hosts: for good, or for one start that fills the cache volume. Or use an image that holds the server.`,
  };
}

function unusedHosts(allowHosts: readonly string[]): readonly Finding[] {
  if (allowHosts.length === 0) return [];
  return [
    {
      code: "allow_hosts_unused",
      severity: "warning",
      message: 'allow_hosts has no effect: network_mode is not "allowlist".',
      remedy: 'Set network_mode to "allowlist", or remove allow_hosts.',
      fix: { key: "network_mode", operation: "set", value: "allowlist" },
    },
  ];
}

function privilegeFindings(values: Values): readonly Finding[] {
  const risks: readonly (readonly [boolean, string, string])[] = [
    [
      values.capAdd.some((name) => strongCapabilities.has(name.toUpperCase().replace(/^CAP_/, ""))),
      `cap_add gives the server ${values.capAdd.join(", ")}.`,
      "Remove what it does not need from cap_add.",
    ],
    [
      values.securityOpt.some((option) => /unconfined|no-new-privileges[:=]false|label=disable/.test(option)),
      `security_opt weakens the isolation: ${values.securityOpt.join(", ")}.`,
      "Remove the entry from security_opt.",
    ],
    [
      values.devices.length > 0,
      `The server gets devices of this machine: ${values.devices.map(({ hostPath }) => hostPath).join(", ")}.`,
      "Remove what it does not need from devices.",
    ],
  ];
  return risks
    .filter(([isRisk]) => isRisk)
    .map(([, message, remedy]) => ({ code: "dangerous_setting", severity: "danger", message, remedy }));
}

/** A list of one's own replaces ALL, which few mean. */
function keptCapabilities({ capDrop }: Values): readonly Finding[] {
  if (capDrop.some((name) => name.toUpperCase() === "ALL")) return [];
  return [
    {
      code: "dangerous_setting",
      severity: "warning",
      message: `cap_drop is ${capDrop.length === 0 ? "empty" : capDrop.join(", ")}: the server keeps the other capabilities that Docker gives by default.`,
      remedy: 'Write ["ALL"] in cap_drop, and what the server needs in cap_add.',
    },
  ];
}

function swapFinding(values: Values): readonly Finding[] {
  if (values.memorySwapBytes === undefined || values.memorySwapBytes >= values.memoryLimitBytes) return [];
  return [
    {
      code: "swap_below_memory",
      severity: "warning",
      message: `memory_swap (${formatBytes(values.memorySwapBytes)}) is less than memory_limit (${formatBytes(values.memoryLimitBytes)}); it counts memory and swap together, so memory_limit is used for both.`,
      remedy: "Remove memory_swap, or raise it above memory_limit.",
    },
  ];
}

function gitFinding(server: ServerConfig, { image, isExplicit, needsGit }: ChosenImage): readonly Finding[] {
  const complete = needsGit && isExplicit ? imageWithGit(image) : undefined;
  if (complete === undefined) return [];
  return [
    {
      code: "image_without_git",
      severity: "warning",
      message: `The package of "${server.name}" comes from a git repository, and the image ${image} has no git.`,
      remedy: `Use the image ${complete}.`,
      fix: { key: "image", operation: "set", value: complete },
    },
  ];
}
