import type { Command } from "commander";
import { shellQuote } from "@mcpproxy/core/format/shell-quote";
import type { Finding } from "@mcpproxy/core/plan/finding";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import type { PathOptions } from "../paths.ts";
import { planRecordOf } from "../runs/plan-record-of.ts";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { planOneServer } from "./planned-server.ts";
import { formatTable } from "./table.ts";

export function addPlanCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("plan <server>"))
    .description("show how a server runs: image, limits, and where each setting comes from")
    .option("--json", "print JSON")
    .action((server: string, options: PathOptions & { json?: boolean }) => printPlan(server, options, context));
}

async function printPlan(
  server: string,
  options: PathOptions & { json?: boolean },
  context: CommandContext,
): Promise<void> {
  const { spec, ...facts } = await planOneServer(server, options, context);
  const plan = planRecordOf(spec, facts);
  if (plan.outcome === "refused") context.setExitCode(1);
  context.print(options.json === true ? JSON.stringify(plan) : describePlan(plan));
}

function describePlan(plan: PlanRecord): string {
  const parts = [
    outcomeLine(plan),
    plan.command.length === 0 ? "" : `Command: ${plan.command.map(shellQuote).join(" ")}`,
    plan.env.length === 0 ? "" : `Variables: ${plan.env.join(", ")}`,
    plan.mounts
      .map(({ source, target, isReadOnly }) => `Mount: ${source} -> ${target} (${isReadOnly ? "ro" : "rw"})`)
      .join("\n"),
    settingsTable(plan),
    plan.findings.map(findingLines).join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function outcomeLine(plan: PlanRecord): string {
  switch (plan.outcome) {
    case "isolated":
      return `${plan.server} runs in a container of the image ${plan.image ?? ""} (${plan.runtime ?? ""}).`;
    case "direct":
      return `${plan.server} runs on this machine without isolation: ${plan.reason ?? ""}`;
    case "refused":
      return `${plan.server} will not run: ${plan.refusal?.message ?? ""}\n    ${plan.refusal?.remedy ?? ""}`;
    default:
      return plan.outcome satisfies never;
  }
}

function settingsTable({ settings }: PlanRecord): string {
  const rows = settings
    .filter(({ effective, server, global }) => effective !== null || server !== null || global !== null)
    .map(({ key, effective, server, global, source }) => [key, effective ?? "-", server ?? "-", global ?? "-", source]);
  return rows.length === 0 ? "" : formatTable(["SETTING", "EFFECTIVE", "SERVER", "GLOBAL", "FROM"], rows);
}

function findingLines({ severity, message, remedy }: Finding): string {
  return `${severity}: ${message}\n    ${remedy}`;
}
