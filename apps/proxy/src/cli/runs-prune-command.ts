import type { Command } from "commander";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import { defaultHistoryBounds, policyOf } from "../app/keep-history.ts";
import { loadConfig } from "../config/load-config.ts";
import type { PathOptions } from "../paths.ts";
import type { PruneReport, RetentionPolicy } from "../store/store.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { withStore } from "./run-filter-options.ts";
import { formatTable } from "./table.ts";
import { parseCountOption, parseTimeOption } from "./time-option.ts";

interface PruneOptions extends PathOptions {
  readonly olderThan?: string;
  readonly maxRuns?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addRunsPruneCommand(runs: Command, context: CommandContext): void {
  withPathOptions(runs.command("prune"))
    .description(
      "delete old runs; what has not ended stays. Without options: beyond the bounds of `history` in the config",
    )
    .option("--older-than <age>", "runs that began before: 30d, 12h, or a time")
    .option("--max-runs <number>", "all but the newest so many")
    .option("--dry-run", "only say what would go")
    .option("--json", "print JSON")
    .action((_options: unknown, command: Command) => pruneRuns(command.optsWithGlobals<PruneOptions>(), context));
}

async function pruneRuns(options: PruneOptions, context: CommandContext): Promise<void> {
  const policy = await findPolicy(options, context);
  const isDryRun = options.dryRun === true;
  await withStore(options, context, async ({ retention, audit }) => {
    const report = isDryRun ? await retention.plan(policy) : await retention.prune(policy);
    if (!isDryRun && report.runs > 0) {
      const detail = `${report.runs} runs that began before ${report.before ?? ""}`;
      const at = new Date().toISOString();
      await audit.add({ at, actor: "command line", action: "prune-runs", server: null, runId: null, detail });
    }
    context.print(
      options.json === true
        ? JSON.stringify({ isDryRun, ...report })
        : describe(report, isDryRun ? "would go" : report.runs === 1 ? "is gone" : "are gone"),
    );
  });
}

async function findPolicy(options: PruneOptions, context: CommandContext): Promise<RetentionPolicy> {
  const { olderThan, maxRuns } = options;
  const nowMs = Date.now();
  if (olderThan === undefined && maxRuns === undefined) {
    const { settings } = await loadConfig(pathsOf(options, context).config);
    return policyOf(settings?.history ?? defaultHistoryBounds, nowMs);
  }
  return {
    before: olderThan === undefined ? undefined : parseTimeOption("--older-than", { text: olderThan, nowMs }),
    maxRuns: maxRuns === undefined ? undefined : parseCountOption("--max-runs", { text: maxRuns, max: 100_000_000 }),
  };
}

function describe(report: PruneReport, verb: string): string {
  const { before, runs, runsKept, runsByServer, auditEntries, outages, bytesBefore, bytesAfter } = report;
  if (before === null || runs + auditEntries + outages === 0)
    return `Nothing to delete: ${counted(runsKept, "run")} ${runsKept === 1 ? "stays" : "stay"}.`;
  const size =
    bytesAfter === bytesBefore
      ? formatBytes(bytesBefore)
      : `${formatBytes(bytesBefore)}, now ${formatBytes(bytesAfter)}`;
  return [
    `${counted(runs, "run")} that began before ${before} ${verb}; ${runsKept} stay.`,
    ...(auditEntries + outages === 0
      ? []
      : [
          `With them ${counted(auditEntries, "audit entry", "audit entries")} and ${counted(outages, "outage")} of engines.`,
        ]),
    `Database: ${size}.`,
    ...(runsByServer.length === 0
      ? []
      : [
          "",
          formatTable(
            ["SERVER", "RUNS"],
            runsByServer.map(({ value, runs: count }) => [value, String(count)]),
          ),
        ]),
  ].join("\n");
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
