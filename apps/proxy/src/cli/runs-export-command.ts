import { createWriteStream } from "node:fs";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option, type Command } from "commander";
import { exportFormats, exportRuns, type ExportFormat } from "../api/export/export-runs.ts";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { runFilterOf, withRunFilter, withStore, type RunFilterOptions } from "./run-filter-options.ts";

interface ExportOptions extends RunFilterOptions {
  readonly format: ExportFormat;
  readonly output?: string;
}

export function addRunsExportCommand(runs: Command, context: CommandContext): void {
  withRunFilter(withPathOptions(runs.command("export")))
    .description("the filtered runs as a file, newest first")
    .addOption(new Option("--format <format>", "how").choices(exportFormats).default("csv"))
    .option("--output <file>", "into this file instead of to the terminal")
    .action((_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      return writeExport(options, context);
    });
}

async function writeExport(options: ExportOptions, context: CommandContext): Promise<void> {
  const filter = runFilterOf(options);
  await withStore(options, context, async ({ runs }) => {
    const pieces = Readable.from(exportRuns({ runs, filter, format: options.format }));
    const target: Writable =
      options.output === undefined ? process.stdout : createWriteStream(options.output, { mode: 0o600 });
    // The terminal is not ours to close.
    await pipeline(pieces, target, { end: options.output !== undefined });
  });
}
