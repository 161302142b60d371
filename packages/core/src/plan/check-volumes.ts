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
  for (const { hostPath, isReadOnly } of server.isolation.volumes) {
    if (!isElsewhere && host.paths?.get(hostPath)?.kind === "missing")
      return { refusal: missing(server.name, { path: hostPath, key: "volumes" }), findings };
    const why = dangerOf(hostPath, { isReadOnly, host });
    if (why === undefined) continue;
    if (!values.allowsDangerousMounts) return { refusal: dangerous(server.name, { hostPath, why }), findings };
    findings.push(insisted(hostPath, why));
  }
  const refusal = isElsewhere ? undefined : checkCertificates(server.name, { host, values });
  return { ...(refusal === undefined ? {} : { refusal }), findings };
}

/** A folder or a socket would be mounted as readily as a bundle of certificates. */
function checkCertificates(
  server: string,
  { host, values: { caCertificates } }: { readonly host: HostFacts; readonly values: EffectiveSettings["values"] },
): Refusal | undefined {
  if (caCertificates.kind !== "file") return undefined;
  const { path } = caCertificates;
  const kind = host.paths?.get(path)?.kind;
  if (kind === undefined || kind === "file") return undefined;
  return kind === "missing" ? missing(server, { path, key: "ca_certificates" }) : notABundle(server, { path, kind });
}

function insisted(hostPath: string, why: string): Finding {
  return {
    code: "dangerous_mount",
    severity: "danger",
    message: `The volume ${hostPath} is mounted because allow_dangerous_mounts is set: ${why}.`,
    remedy: "Mount only the folder that the server needs, and remove allow_dangerous_mounts.",
  };
}

function missing(server: string, { path, key }: { readonly path: string; readonly key: string }): Refusal {
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

function dangerous(server: string, { hostPath, why }: { readonly hostPath: string; readonly why: string }): Refusal {
  return {
    code: "mount_dangerous",
    message: `The server "${server}" is to see ${hostPath}: ${why}.`,
    remedy:
      'Mount only the folder that the server needs. To insist, set "allow_dangerous_mounts": true in its isolation.',
  };
}
