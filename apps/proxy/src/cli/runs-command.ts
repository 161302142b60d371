import type { Command } from "commander";
import { formatDuration } from "@mcpproxy/core/format/duration";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { fitColumns } from "./fit-columns.ts";
import { addRunsExportCommand } from "./runs-export-command.ts";
import { addRunsPruneCommand } from "./runs-prune-command.ts";
import { addRunsShowCommand } from "./runs-show-command.ts";
import { runFilterOf, withRunFilter, withStore, type RunFilterOptions } from "./run-filter-options.ts";
import { shortRunId } from "./short-run-id.ts";
import { formatTable } from "./table.ts";
import { parseCountOption } from "./time-option.ts";

interface RunsOptions extends RunFilterOptions {
  readonly limit: string;
  readonly cursor?: string;
  readonly json?: boolean;
}

/** Reads the history itself, so it answers also while MCPProxy does not run. */
export function addRunsCommand(program: Command, context: CommandContext): void {
  const runs = withRunFilter(withPathOptions(program.command("runs")))
    // Or the options of the list would take what is meant for the commands below it.
    .enablePositionalOptions()
    .description("list container runs, newest first, and why they ended")
    .option("--limit <number>", "how many", "20")
    .option("--cursor <cursor>", "go on after the page before (nextCursor of --json)")
    .option("--json", "print JSON")
    .action((options: RunsOptions) => listRuns(options, context));
  addRunsShowCommand(runs, context);
  addRunsExportCommand(runs, context);
  addRunsPruneCommand(runs, context);
}

async function listRuns(options: RunsOptions, context: CommandContext): Promise<void> {
  const limit = parseCountOption("--limit", { text: options.limit, max: 500 });
  await withStore(options, context, async (store) => {
    const page = await store.runs.list({ ...runFilterOf(options), limit, cursor: options.cursor });
    if (options.json === true) context.print(JSON.stringify(page));
    else if (page.runs.length === 0) context.print("No run matches.");
    else
      context.print(
        fitColumns(formatTable(["RUN", "SERVER", "STARTED", "FOR", "VERDICT"], page.runs.map(rowOf)), context),
      );
  });
}

function rowOf(run: RunRecord): readonly string[] {
  return [
    shortRunId(run.id),
    run.server,
    run.startedAt.slice(0, 19).replace("T", " "),
    run.durationMs === null ? "-" : formatDuration(run.durationMs),
    run.verdict === null ? run.state : run.verdict.summary,
  ];
}
