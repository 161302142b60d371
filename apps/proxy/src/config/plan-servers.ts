import { planIsolation } from "@mcpproxy/core/plan/plan-isolation";
import type { HostFacts, Refusal } from "@mcpproxy/core/plan/isolation-plan";
import type { ConfigIssue, ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import type { ServerSpec } from "../runs/server-spec.ts";

/** Plans every server of a config. A server with errors, or under broken global settings, is refused and says why. */
export function planServers(config: ParsedConfig, host: HostFacts): readonly ServerSpec[] {
  const { settings } = config;
  return config.servers.map((entry): ServerSpec => {
    if (!entry.ok) return refused(entry.name, refusalOf(entry.issues));
    if (settings === undefined)
      return refused(entry.name, refusalOf(config.issues.filter((issue) => issue.server === null)));
    const plan = planIsolation({ server: entry.server, settings, host });
    return {
      name: entry.name,
      isEnabled: entry.server.isEnabled,
      plan,
      keepExited: entry.server.isolation.keepExited ?? settings.dockerIsolation.keepExited,
    };
  });
}

/** Values of the config that must not show up anywhere: those of every server's env. */
export function secretsOf(config: ParsedConfig): readonly string[] {
  return config.servers.flatMap((entry) => (entry.ok ? Object.values(entry.server.env) : []));
}

function refused(name: string, refusal: Refusal): ServerSpec {
  return { name, isEnabled: true, plan: { kind: "refused", refusal }, keepExited: 0 };
}

function refusalOf(issues: readonly ConfigIssue[]): Refusal {
  return {
    code: "config_invalid",
    message: issues
      .map((issue) => `${issue.file}:${issue.line}:${issue.column} ${issue.path}: ${issue.message}`)
      .join(" "),
    remedy:
      issues.flatMap((issue) => issue.remedy ?? []).join(" ") ||
      "Correct the config file; it is read again when it is saved.",
  };
}
