import type { ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import { AppError } from "../app-error.ts";
import { planServers, type PlanningFacts } from "../config/plan-servers.ts";
import { parseClientEntry } from "./client-entry.ts";
import type { OfferedServer } from "./plan-connect.ts";
import { readClientEntries } from "./read-client-file.ts";

/** Every server of MCPProxy's config, with the reason where it cannot run. Throws AppError config_error for a broken config. */
export function offeredServers(
  config: ParsedConfig,
  { file, text, facts }: { readonly file: string; readonly text: string; readonly facts: PlanningFacts },
): readonly OfferedServer[] {
  if (config.settings === undefined) {
    const [issue] = config.issues;
    throw new AppError(
      "config_error",
      `${file} has errors, so nothing can be connected: ${issue?.message ?? ""} \`mcpproxy validate\` shows each place.`,
    );
  }
  const raw = new Map(
    readClientEntries(text, { file, projectFolder: null }).map(({ name, value }) => [name, parseClientEntry(value)]),
  );
  return planServers(config, facts).map(({ name, plan, isEnabled }) => ({
    name,
    isEnabled,
    command: raw.get(name)?.command,
    url: raw.get(name)?.url,
    args: raw.get(name)?.args ?? [],
    problem: plan.kind === "refused" ? `It will not run: ${plan.refusal.message} ${plan.refusal.remedy}` : null,
  }));
}
