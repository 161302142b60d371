import type { ServerConfig } from "@mcpproxy/config-schema/config";
import { dangerOf } from "./dangerous-path.ts";
import type { EffectiveSettings } from "./effective-settings.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts, PathFact, Refusal } from "./isolation-plan.ts";

export interface CheckedVolumes {
  readonly refusal?: Refusal;
  readonly findings: readonly Finding[];
}

/**
 * Looks at the host side of every mount: what is missing or gives away the machine is refused, or flagged when insisted
 * on. With an engine of its own choice the server's paths may be on another machine, which only that engine can see.
 */
export function checkVolumes(
  server: ServerConfig,
  { host, values }: { readonly host: HostFacts; readonly values: EffectiveSettings["values"] },
): CheckedVolumes {
  const isElsewhere = values.dockerContext !== undefined || /^(?:tcp|https?|ssh):/.test(values.dockerHost ?? "");
  const findings: Finding[] = [];
  for (const seen of seenPaths(server, values)) {
    const { path, key, isReadOnly } = seen;
    const kind = isElsewhere ? undefined : host.paths?.get(path)?.kind;
    if (kind === "missing") return { refusal: missing(server.name, seen), findings };
    const why = dangerOf(path, { isReadOnly, host });
    if (why !== undefined && !values.allowsDangerousMounts)
      return { refusal: dangerous(server.name, { ...seen, why }), findings };
    // A folder would be mounted as readily as a bundle of certificates.
    if (key === "ca_certificates" && kind !== undefined && kind !== "file")
      return { refusal: notABundle(server.name, { path, kind }), findings };
    if (why !== undefined) findings.push(insisted({ ...seen, why }));
  }
  return { findings };
}

interface SeenPath {
  readonly path: string;
  readonly key: "volumes" | "ca_certificates";
  readonly isReadOnly: boolean;
}

/** Every path of the machine that the configuration puts into the container. */
function seenPaths(server: ServerConfig, { caCertificates }: EffectiveSettings["values"]): readonly SeenPath[] {
  const volumes = server.isolation.volumes.map(({ hostPath: path, isReadOnly }): SeenPath => ({
    path,
    key: "volumes",
    isReadOnly,
  }));
  if (caCertificates.kind !== "file") return volumes;
  return [...volumes, { path: caCertificates.path, key: "ca_certificates", isReadOnly: true }];
}

function insisted({ path, key, why }: SeenPath & { readonly why: string }): Finding {
  return {
    code: "dangerous_mount",
    severity: "danger",
    message: `${key === "volumes" ? "The volume" : "The file of ca_certificates"} ${path} is mounted because allow_dangerous_mounts is set: ${why}.`,
    remedy: "Mount only the folder that the server needs, and remove allow_dangerous_mounts.",
  };
}

function missing(server: string, { path, key }: SeenPath): Refusal {
  return {
    code: "mount_missing",
    message: `The server "${server}" is to see ${path}, but there is nothing at this path.`,
    remedy: `Create it, or correct the path in "${key}", then save the config again. Docker would make an empty folder of root's there.`,
  };
}

function notABundle(
  server: string,
  { path, kind }: { readonly path: string; readonly kind: PathFact["kind"] },
): Refusal {
  return {
    code: "mount_dangerous",
    message: `The server "${server}" is to trust the certificates in ${path}, but this is ${kind === "other" ? "no file" : `a ${kind} and no file`}.`,
    remedy: 'Name a file with certificates (PEM) in "ca_certificates", or "auto".',
  };
}

function dangerous(server: string, { path, key, why }: SeenPath & { readonly why: string }): Refusal {
  const instead =
    key === "volumes"
      ? "Mount only the folder that the server needs."
      : 'Name a file that holds nothing but certificates in "ca_certificates".';
  return {
    code: "mount_dangerous",
    message: `The server "${server}" is to see ${path}: ${why}.`,
    remedy: `${instead} To insist, set "allow_dangerous_mounts": true in its isolation.`,
  };
}
