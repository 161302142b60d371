import type { Command } from "commander";
import type { DoctorFix, DoctorReport, DoctorStep } from "@mcpproxy/core/doctor/doctor-report";
import { describeFix } from "@mcpproxy/core/doctor/examine-server";
import { writeServerEdit } from "../config/write-server-edit.ts";
import type { PathOptions } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { confirmWrite } from "./confirm-write.ts";
import type { ContextWords } from "./doctor-answers.ts";
import { openDoctor, type Doctor, type DoctorFindings } from "./open-doctor.ts";

interface DoctorOptions extends PathOptions {
  readonly json?: boolean;
  readonly try?: boolean;
  readonly fix?: boolean;
}

const marks: Readonly<Record<DoctorStep["status"], string>> = {
  ok: "ok     ",
  warning: "note   ",
  problem: "PROBLEM",
  skipped: "-      ",
};

export function addDoctorCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("doctor [server]"))
    .description("find out what is wrong, and what to change; exit code 1 when something is")
    .option("--json", "print JSON")
    .option("--try", "start a server that does not run, to see whether it can")
    .option("--fix", "make the changes that are found, without asking")
    .action((server: string | undefined, options: DoctorOptions) => examine(server, options, context));
}

async function examine(server: string | undefined, options: DoctorOptions, context: CommandContext): Promise<void> {
  const doctor = await openDoctor(pathsOf(options, context), context);
  try {
    const report =
      server === undefined
        ? await doctor.examineAll()
        : { engine: null, contexts: [], servers: [await doctor.examine(server, { shouldTry: options.try === true })] };
    if (options.json === true) context.print(JSON.stringify(server === undefined ? report : report.servers[0]));
    else context.print(describe(report, server === undefined ? "short" : "full"));
    const isWell = report.servers.every(({ isHealthy }) => isHealthy) && report.engine?.problem == null;
    if (!isWell) context.setExitCode(1);
    for (const { server: name, fixes } of report.servers) await offerFixes({ doctor, name, fixes, options, context });
  } finally {
    await doctor.close();
  }
}

interface Offer {
  readonly doctor: Doctor;
  readonly name: string;
  readonly fixes: readonly DoctorFix[];
  readonly options: DoctorOptions;
  readonly context: CommandContext;
}

/** Two changes of one key would contradict each other: the first one, from how the last run ended, is made. */
async function offerFixes({ doctor, name, fixes, options, context }: Offer): Promise<void> {
  const chosen = fixes.filter(
    ({ change }, index) =>
      change.operation === "append" || fixes.findIndex((other) => other.change.key === change.key) === index,
  );
  if (chosen.length === 0) return;
  const question = `${name}: ${chosen.map(describeFix).join("; ")}. Change the config file?`;
  const isWanted = await confirmWrite(question, { write: options.fix === true, json: options.json === true });
  if (!isWanted) return;
  const paths = pathsOf(options, context);
  await writeServerEdit(paths.config, { kind: "isolation", server: name, changes: chosen.map(({ change }) => change) });
  if (options.json === true) return;
  context.print(
    `${paths.config}: changed ${chosen.map(({ change }) => `isolation.${change.key}`).join(", ")} of ${name}.`,
  );
  context.print(await doctor.verify(name));
}

function describe(report: DoctorFindings, length: "short" | "full"): string {
  const parts: string[] = [];
  if (report.engine !== null) {
    const { problem, endpoint, version } = report.engine;
    parts.push(
      problem === null
        ? `Docker ${version ?? ""} answers at ${endpoint}.`
        : `PROBLEM Docker: ${problem.message}\n        ${problem.remedy}`,
    );
  }
  if (report.contexts.length > 0) parts.push(["Docker contexts:", ...report.contexts.map(describeContext)].join("\n"));
  for (const server of report.servers) parts.push(describeServer(server, length));
  return parts.join("\n\n");
}

function describeContext({ name, endpoint, isUsed, reason, state }: ContextWords): string {
  const why = isUsed && reason !== null ? `, used: ${reason}` : "";
  return `  ${isUsed ? "*" : " "} ${name} (${endpoint ?? "cannot be read"}, ${state})${why}`;
}

function describeServer({ server, isHealthy, steps }: DoctorReport, length: "short" | "full"): string {
  const shown = length === "full" ? steps : steps.filter(({ status }) => status === "problem" || status === "warning");
  return [`${server}: ${isHealthy ? "well" : "not well"}`, ...shown.map(describeStep)].join("\n");
}

function describeStep({ step, title, status, found, remedy, lines }: DoctorStep): string {
  const indent = " ".repeat(8);
  return [
    `${marks[status]} ${step}. ${title}: ${found}`,
    ...(remedy === null ? [] : [`${indent}To do: ${remedy}`]),
    ...lines.map((line) => `${indent}${line}`),
  ].join("\n");
}
