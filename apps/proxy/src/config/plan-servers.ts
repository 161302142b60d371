import type { ServerConfig, Settings } from "@mcpproxy/config-schema/config";
import type { ConfigIssue, ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import { effectiveSettings } from "@mcpproxy/core/plan/effective-settings";
import { parseDockerRun } from "@mcpproxy/core/plan/docker-run-command";
import { secretsOfDockerRun } from "@mcpproxy/core/plan/docker-run-identity";
import { pathsToCheck } from "@mcpproxy/core/plan/invisible-paths";
import type { HostFacts, Refusal } from "@mcpproxy/core/plan/isolation-plan";
import { planIsolation } from "@mcpproxy/core/plan/plan-isolation";
import { describeSettings } from "@mcpproxy/core/plan/describe-settings";
import { supervisionByDefault, supervisionOf } from "@mcpproxy/core/supervision/supervision";
import type { ServerSpec } from "../runs/server-spec.ts";
import { gatherPathFacts } from "./path-facts.ts";
import { resolveReferences, secretsOfServer, type ReferenceSources } from "./resolve-references.ts";

/** What planning needs beside the config. */
export interface PlanningFacts {
  readonly host: HostFacts;
  readonly references: ReferenceSources;
}

/** Plans every server of a config. A server with errors, or under broken global settings, is refused and says why. */
export function planServers(config: ParsedConfig, facts: PlanningFacts): readonly ServerSpec[] {
  const { settings } = config;
  return config.servers.map((entry): ServerSpec => {
    if (!entry.ok) return refused(entry.name, refusalOf(entry.issues));
    if (settings === undefined)
      return refused(entry.name, refusalOf(config.issues.filter((issue) => issue.server === null)));
    return planServer({ server: entry.server, settings }, facts);
  });
}

/** Values of the config that must not show up anywhere: of every server's env, with references resolved, and of `docker run -e`. */
export function secretsOf(config: ParsedConfig, references: ReferenceSources): readonly string[] {
  return config.servers.flatMap((entry) => {
    if (!entry.ok) return [];
    const dockerRun = parseDockerRun([entry.server.command, ...entry.server.args]);
    return [
      ...secretsOfServer(entry.server, references),
      ...(dockerRun === undefined ? [] : secretsOfDockerRun(dockerRun)),
    ];
  });
}

function planServer(
  input: { readonly server: ServerConfig; readonly settings: Settings },
  { host, references }: PlanningFacts,
): ServerSpec {
  const { values } = effectiveSettings(input);
  const shared = {
    name: input.server.name,
    isEnabled: input.server.isEnabled,
    keepExited: values.keepExited,
    supervision: supervisionOf(values),
    tools: input.server.tools,
    settings: describeSettings(input),
  };
  // A server that is switched off says so, whatever else may be wrong with it.
  if (!input.server.isEnabled) return { ...shared, plan: planIsolation({ ...input, host }) };
  const resolved = resolveReferences(input.server, references);
  if (!resolved.ok) return { ...shared, plan: { kind: "refused", refusal: resolved.refusal } };
  const home = host.homeDirectory === undefined ? [] : [host.homeDirectory];
  const paths = gatherPathFacts([...home, ...pathsToCheck(input)]);
  return { ...shared, plan: planIsolation({ ...input, server: resolved.server, host: { ...host, paths } }) };
}

function refused(name: string, refusal: Refusal): ServerSpec {
  return {
    name,
    isEnabled: true,
    plan: { kind: "refused", refusal },
    keepExited: 0,
    supervision: supervisionByDefault,
    settings: [],
  };
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
