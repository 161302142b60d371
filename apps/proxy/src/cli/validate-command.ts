import { everyIssue } from "@mcpproxy/config-schema/parse-config";
import type { Command } from "commander";
import { loadConfig } from "../config/load-config.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { planServers } from "../config/plan-servers.ts";
import type { PathOptions } from "../paths.ts";
import { placeOf } from "./place-of.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";

export function addValidateCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("validate"))
    .description("check the config file; exit code 2 when something in it is wrong")
    .option("--json", "print JSON")
    .action((options: PathOptions & { json?: boolean }) => validate(options, context));
}

async function validate(options: PathOptions & { json?: boolean }, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const config = await loadConfig(paths.config);
  const issues = everyIssue(config);
  const specs = planServers(config, gatherPlanningFacts(context.environment, context.platform));
  const refusals = specs.flatMap(({ name, plan }) =>
    plan.kind === "refused" && plan.refusal.code !== "config_invalid" && plan.refusal.code !== "server_disabled"
      ? [{ server: name, ...plan.refusal }]
      : [],
  );
  const findings = specs.flatMap(({ name, plan }) =>
    plan.kind === "refused" ? [] : plan.findings.map((finding) => ({ server: name, ...finding })),
  );
  const isGood = issues.length === 0 && refusals.length === 0;
  if (!isGood) context.setExitCode(2);
  if (options.json === true) {
    context.print(JSON.stringify({ file: paths.config, issues, warnings: config.warnings, refusals, findings }));
    return;
  }
  const line = (kind: string) => (issue: (typeof issues)[number]) =>
    `${placeOf(issue, kind)} ${issue.message}${issue.remedy === null ? "" : `\n    ${issue.remedy}`}`;
  const report = [
    ...issues.map(line("error")),
    ...config.warnings.map(line("warning")),
    ...refusals.map((refusal) => `${refusal.server} will not run: ${refusal.message}\n    ${refusal.remedy}`),
    ...findings
      .filter(({ severity }) => severity !== "hint")
      .map(({ server, severity, message, remedy }) => `${server}: ${severity}: ${message}\n    ${remedy}`),
    isGood
      ? `${paths.config} is good: ${specs.length} servers.`
      : `${paths.config}: ${issues.length + refusals.length} errors.`,
  ];
  context.print(report.join("\n"));
}
