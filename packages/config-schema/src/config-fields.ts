import * as z from "zod";
import { parseListenAddress } from "./listen-address.ts";
import { accepted, rejected, type UnitResult } from "./unit-result.ts";
import { parseAge, parseByteSize, parseCpus, parseDuration, parseMemory } from "./units.ts";
import { parseVolume } from "./volume.ts";

const portPattern = String.raw`(?:6553[0-5]|655[0-2]\d|65[0-4]\d{2}|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})`;

/** Fields with units: raw text as people write it in, domain value out. */
export const memoryField = unitField(parseMemory).describe(
  'Memory with b, k, m or g, for example "512m". At least 6m.',
);
export const byteSizeField = unitField(parseByteSize);
/** Shared memory may be smaller than the least memory limit. */
export const shmSizeField = byteSizeField.describe('Size of /dev/shm with b, k, m or g, for example "64m".');
export const cpusField = unitField(parseCpus).describe('CPU cores, for example "1.0" or "0.5".');
export const durationField = unitField(parseDuration).describe('A duration with ms, s, m or h, for example "30s".');
export const ageField = unitField(parseAge).describe('An age with h, d or w, for example "30d".');
export const durationOrOffField = unitField((input: string | number) =>
  input === "off" ? accepted(null) : parseDuration(input),
);
export const idleTimeoutField = durationOrOffField.describe(
  'Stops a server without calls for this long, for example "10m"; "off" never does.',
);
export const volumeField = z
  .string()
  .transform(unwrapWith(parseVolume))
  .describe("host:container[:ro|rw], read-only unless it says rw.");
export const listenField = z
  .string()
  .transform(unwrapWith(parseListenAddress))
  .describe('Address to listen on, for example "127.0.0.1:8080".');

export const networkModeField = patternField({
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  problem: "is not a network.",
  remedy: 'Use "bridge", "none", "allowlist", "host" or the name of a Docker network.',
}).describe("bridge, none, allowlist (only allow_hosts can be reached), host, or the name of a Docker network.");

export const imageField = patternField({
  // Docker's reference grammar, loosely: what a shell or a URL could misread is out, the engine judges the rest.
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/,
  problem: "is not the name of an image.",
  remedy: 'Write it as "name:tag", for example "node:20".',
});

export const allowHostField = patternField({
  pattern: new RegExp(
    `^(?:(?:\\*\\.)?[\\p{L}\\p{N}](?:[\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?\\.?|\\[[0-9a-f:]+\\])(?::${portPattern})?$`,
    "iu",
  ),
  problem: "is not a host.",
  remedy: 'Write "host", "*.domain" or "host:port", without https:// and without a path.',
});

export const userField = patternField({
  pattern: /^(?:\d{1,10}|[a-z_][a-z0-9_.-]{0,31}\$?)(?::(?:\d{1,10}|[a-z_][a-z0-9_.-]{0,31}\$?))?$/i,
  problem: "is not a user.",
  remedy: 'Write a user or user:group as numbers or names, for example "1000:1000".',
});

export const capabilityField = patternField({
  pattern: /^(?:ALL|(?:CAP_)?[A-Z][A-Z_]+)$/i,
  problem: "is not a Linux capability.",
  remedy: 'Write its name, for example "NET_BIND_SERVICE", or "ALL".',
});

export const securityOptField = patternField({
  pattern: /^(?:no-new-privileges(?:[:=](?:true|false))?|seccomp=unconfined|apparmor=[\w.:/-]+|label=[\w.:-]+)$/,
  problem: "is not a security option that MCPProxy passes on.",
  remedy: 'Use "no-new-privileges", "seccomp=unconfined", "apparmor=PROFILE" or "label=…".',
});

export const ociRuntimeField = patternField({
  pattern: /^[A-Za-z0-9][\w.-]*$/,
  problem: "is not the name of an OCI runtime.",
  remedy: 'Write a name that `docker info` lists under Runtimes, for example "runsc".',
});

export const platformField = patternField({
  pattern: /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/,
  problem: "is not a platform.",
  remedy: 'Write "os/architecture", for example "linux/amd64".',
});

export const registryField = patternField({
  pattern: new RegExp(`^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::${portPattern})?(?:/[a-z0-9._-]+)*$`),
  problem: "is not a registry.",
  remedy: 'Write its host, for example "registry.example.com:5000" or "registry.example.com/mirror".',
});

export const extraHostField = patternField({
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*:(?:host-gateway|(?:\d{1,3}\.){3}\d{1,3}|(?=[^:]*:[^:]*:)[0-9a-f:.]+)$/i,
  problem: "is not a host entry.",
  remedy: 'Write "name:address", for example "db.local:10.0.0.5" or "host.docker.internal:host-gateway".',
});

export const ipAddressField = z.union([z.ipv4(), z.ipv6()], { error: "must be an IP address, for example 1.1.1.1." });

export const tmpfsField = patternField({
  pattern: /^\/[^\0:,]*[^\0:,/](?::[A-Za-z0-9=,%]+)?$/,
  problem: "is not a tmpfs mount.",
  remedy: 'Write the path in the container and, after a colon, mount options: "/tmp:size=64m".',
}).transform(toTmpfs);

export const deviceField = patternField({
  pattern: /^\/dev\/[^\0:]+(?::\/[^\0:]+)?(?::[rwm]{1,3})?$/,
  problem: "is not a device.",
  remedy: 'Write "/dev/host[:/dev/container[:rwm]]", for example "/dev/dri".',
}).transform(toDevice);

export const ulimitField = z
  .union([z.int(), z.string()], { error: "must be a number, or soft:hard in quotes." })
  .transform(unwrapWith(parseUlimit))
  .describe('A number, or "soft:hard"; -1 is unlimited.');

/** What setrlimit(2) knows and the engine takes. */
export const ulimitNameField = patternField({
  pattern: /^(?:core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack)$/,
  problem: "is not the name of a limit.",
  remedy: 'Use a name such as "nofile", "nproc", "core" or "memlock".',
});

export const dockerHostField = patternField({
  pattern: /^(?:(?:unix|npipe):\/\/\/[^\0\r\n]+|(?:tcp|http|https|ssh):\/\/[^\s/]\S*)$/,
  problem: "is not the address of a Docker engine.",
  remedy: 'Write "unix:///path/docker.sock", "tcp://host:2376" or "ssh://user@host".',
});

export const dockerContextField = patternField({
  pattern: /^[A-Za-z0-9][\w.+-]*$/,
  problem: "is not the name of a Docker context.",
  remedy: "See the names with `docker context ls`.",
});

export interface Tmpfs {
  readonly path: string;
  /** Mount options as Docker takes them, for example "size=64m,exec". */
  readonly options: string;
}

export interface Device {
  readonly hostPath: string;
  readonly containerPath: string;
  /** Some of r, w, m. */
  readonly permissions: string;
}

export interface Ulimit {
  readonly soft: number;
  readonly hard: number;
}

export const containerPathField = patternField({
  pattern: /^\/[^\0]*$/,
  problem: "is not an absolute path in the container.",
  remedy: 'Write a path that starts with "/", for example "/workspace".',
});

export const hostPathField = patternField({
  pattern: /^(?:\/|[A-Za-z]:[\\/])[^\0]*$/,
  problem: "is not an absolute path on this machine.",
  remedy: 'Write the whole path, for example "/home/me/project".',
});

export const logDriverField = patternField({
  pattern: /^[a-z0-9][a-z0-9._:/-]*$/,
  problem: "is not the name of a log driver.",
  remedy: 'Use "local", "json-file" or another log driver of your Docker engine.',
});

/** Kept as text: Docker reads this one in decimal units, unlike memory. */
export const logSizeField = patternField({
  pattern: /^[1-9]\d*[kmg]$/,
  problem: "is not a size of a log file.",
  remedy: 'Write a whole number with k, m or g, for example "10m".',
});

export const serverNameField = patternField({
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  problem: "cannot be used as a server name: it becomes part of container and file names.",
  remedy: "Use 1 to 64 letters, digits, dots, dashes or underscores, with a letter or digit first.",
}).refine((name) => name !== "mcpproxy", {
  error: '"mcpproxy" is the name of MCPProxy\'s own tools.',
  params: { remedy: "Give the server another name." },
});

export const pullPolicyField = z.enum(["missing", "always", "never"]).describe("When to pull the image.");

export const caCertificatesField = patternField({
  pattern: /^(?:auto|none|\/[^\0]+|[A-Za-z]:[\\/][^\0]+)$/,
  problem: "is not a choice of CA certificates.",
  remedy: 'Use "auto", "none" or the absolute path of a PEM bundle.',
}).transform(toCaCertificates);

export type CaCertificates =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string };

/** A whole number within bounds, with the bounds in the message. */
export function countField(bounds: { readonly minimum: number; readonly maximum: number }) {
  const error = `must be a whole number from ${bounds.minimum} to ${bounds.maximum}.`;
  return z.int({ error }).min(bounds.minimum, { error }).max(bounds.maximum, { error });
}

function unitField<Value>(parse: (input: string | number) => UnitResult<Value>) {
  return z.union([z.string(), z.number()]).transform(unwrapWith(parse));
}

function unwrapWith<Input, Value>(parse: (input: Input) => UnitResult<Value>) {
  return (input: Input, context: z.RefinementCtx): Value => {
    const result = parse(input);
    if (result.ok) return result.value;
    context.addIssue({ code: "custom", message: result.problem, params: { remedy: result.remedy } });
    return z.NEVER;
  };
}

function patternField(rule: { readonly pattern: RegExp; readonly problem: string; readonly remedy: string }) {
  return z
    .string()
    .refine((text) => rule.pattern.test(text), {
      error: (issue) => `${JSON.stringify(issue.input)} ${rule.problem}`,
      params: { remedy: rule.remedy },
    })
    .meta({ pattern: rule.pattern.source });
}

function toCaCertificates(value: string): CaCertificates {
  return value === "auto" || value === "none" ? { kind: value } : { kind: "file", path: value };
}

function toTmpfs(value: string): Tmpfs {
  const [path = "", options = ""] = value.split(":");
  return { path, options };
}

function toDevice(value: string): Device {
  const parts = value.split(":");
  const [hostPath = ""] = parts;
  const permissions = parts.slice(1).find((part) => !part.startsWith("/")) ?? "rwm";
  return { hostPath, containerPath: parts[1]?.startsWith("/") ? parts[1] : hostPath, permissions };
}

function parseUlimit(input: string | number): UnitResult<Ulimit> {
  const match = /^(-1|\d+)(?::(-1|\d+))?$/.exec(String(input).trim());
  if (match === null)
    return rejected(
      `${JSON.stringify(input)} is not a limit.`,
      'Write a number, or "soft:hard", for example "1024:2048".',
    );
  const soft = Number(match[1]);
  const hard = Number(match[2] ?? match[1]);
  if (!Number.isSafeInteger(soft) || !Number.isSafeInteger(hard))
    return rejected(`${JSON.stringify(input)} is more than can be counted.`, "Use -1 for no limit at all.");
  if (hard !== -1 && (soft > hard || soft === -1))
    return rejected(`${JSON.stringify(input)} has a soft limit above the hard one.`, "Write the smaller one first.");
  return accepted({ soft, hard });
}
