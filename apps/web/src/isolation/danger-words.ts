import type { Finding, FindingCode } from "@mcpproxy/core/plan/finding";
import type { RunRecord } from "@mcpproxy/core/run/run-record";

const words: Readonly<Partial<Record<FindingCode, string>>> = {
  host_network: "Host network",
  dangerous_mount: "Dangerous mount",
  no_isolation: "Not isolated",
  docker_run_flag: "Dangerous flag",
};

/** What gives a server power over this machine by its settings, each in a word or two. */
export function dangersOfFindings(findings: readonly Pick<Finding, "code" | "severity">[]): readonly string[] {
  const dangers = findings.filter(({ severity }) => severity === "danger");
  return [...new Set(dangers.map(({ code }) => words[code] ?? "Dangerous setting"))];
}

/** What gave a run power over this machine, from what was in force. */
export function dangersOfRun({
  isolation,
  isolationReport,
}: Pick<RunRecord, "isolation" | "isolationReport">): readonly string[] {
  return [
    ...(isolation === "none" ? ["Not isolated"] : []),
    ...(isolationReport?.isHostNetwork === true ? ["Host network"] : []),
    ...(isolationReport?.isPrivileged === true ? ["Privileged"] : []),
  ];
}
