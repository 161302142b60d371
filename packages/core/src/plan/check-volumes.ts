import type { ServerConfig } from "@mcpproxy/config-schema/config";
import { dangerOf } from "./dangerous-path.ts";
import type { Finding } from "./finding.ts";
import type { HostFacts, Refusal } from "./isolation-plan.ts";

export interface CheckedVolumes {
  readonly refusal?: Refusal;
  readonly findings: readonly Finding[];
}

/** Looks at the host side of every volume: what is missing or gives away the machine is refused, or flagged when insisted on. */
export function checkVolumes(
  server: ServerConfig,
  { host, allowsDangerous }: { readonly host: HostFacts; readonly allowsDangerous: boolean },
): CheckedVolumes {
  const findings: Finding[] = [];
  for (const { hostPath, isReadOnly } of server.isolation.volumes) {
    const fact = host.paths?.get(hostPath);
    if (fact?.kind === "missing") return { refusal: missing(server.name, hostPath), findings };
    const why = dangerOf(hostPath, { isReadOnly, host });
    if (why === undefined) continue;
    if (!allowsDangerous) return { refusal: dangerous(server.name, { hostPath, why }), findings };
    findings.push({
      code: "dangerous_mount",
      severity: "danger",
      message: `The volume ${hostPath} is mounted because allow_dangerous_mounts is set: ${why}.`,
      remedy: "Mount only the folder that the server needs, and remove allow_dangerous_mounts.",
    });
  }
  return { findings };
}

function missing(server: string, hostPath: string): Refusal {
  return {
    code: "mount_missing",
    message: `The server "${server}" is to see ${hostPath}, but there is nothing at this path.`,
    remedy: `Create it, or correct the path in "volumes". Docker would make an empty folder of root's there.`,
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
