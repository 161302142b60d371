import { Option, type Command } from "commander";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import { formatDuration } from "@mcpproxy/core/format/duration";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { verdictKinds, type VerdictKind } from "@mcpproxy/core/verdict/verdict";
import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import { AppError } from "../app-error.ts";
import type { PathOptions } from "../paths.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { formatTable } from "./table.ts";

interface RunsOptions extends PathOptions {
  readonly server?: string;
  readonly verdict?: VerdictKind;
  readonly limit: string;
  readonly json?: boolean;
}

/** Reads the history itself, so it answers also while MCPProxy does not run. */
export function addRunsCommand(program: Command, context: CommandContext): void {
  const runs = withPathOptions(program.command("runs"))
    .description("list container runs, newest first, and why they ended")
    .option("--server <name>", "only this server")
    .addOption(new Option("--verdict <kind>", "only this verdict").choices(verdictKinds))
    .option("--limit <number>", "how many", "20")
    .option("--json", "print JSON")
    .action((options: RunsOptions) => withStore(options, context, (store) => listRuns(store, options, context)));
  withPathOptions(runs.command("show <id>"))
    .description("one run with its evidence and timeline")
    .option("--json", "print JSON")
    .action((id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<RunsOptions>();
      return withStore(options, context, (store) => showRun(store, { id, isJson: options.json === true }, context));
    });
}

async function withStore(
  options: PathOptions,
  context: CommandContext,
  use: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await openStore({
    databasePath: pathsOf(options, context).database,
    onNotice: (message) => context.printError(message),
  });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function listRuns(store: Store, options: RunsOptions, context: CommandContext): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new AppError("invalid_request", `--limit ${options.limit}: write a number from 1 to 500.`);
  const page = await store.runs.list({
    limit,
    ...(options.server === undefined ? {} : { server: options.server }),
    ...(options.verdict === undefined ? {} : { verdict: options.verdict }),
  });
  context.print(
    options.json === true
      ? JSON.stringify(page)
      : formatTable(["RUN", "SERVER", "STARTED", "FOR", "VERDICT"], page.runs.map(rowOf)),
  );
}

function rowOf(run: RunRecord): readonly string[] {
  const duration = run.durationMs === null ? "-" : formatDuration(run.durationMs);
  return [
    run.id,
    run.server,
    run.startedAt.slice(0, 19).replace("T", " "),
    duration,
    run.verdict === null ? run.state : run.verdict.summary,
  ];
}

async function showRun(store: Store, request: { id: string; isJson: boolean }, context: CommandContext): Promise<void> {
  const run = await store.runs.find(request.id);
  if (run === undefined)
    throw new AppError("run_not_found", `No run has the id ${request.id}; \`mcpproxy runs\` lists them.`);
  const events = await store.runs.events(run.id);
  if (request.isJson) {
    context.print(JSON.stringify({ ...run, events }));
    return;
  }
  const peak = run.peakMemoryBytes === null ? "-" : formatBytes(run.peakMemoryBytes);
  const limit = run.limits.memoryBytes === null ? "none" : formatBytes(run.limits.memoryBytes);
  context.print(
    [
      `${run.server}  ${run.id}`,
      run.verdict === null
        ? `State: ${run.state}`
        : `${verdictWords[run.verdict.kind].label} (${run.verdict.confidence}): ${run.verdict.summary}`,
      ...(run.verdict?.remedy === undefined ? [] : [run.verdict.remedy]),
      `Memory: peak ${peak}, limit ${limit}`,
      "",
      "Why we say this:",
      ...(run.verdict?.evidence ?? []).map((row) => `  ${row.source}: ${row.text}`),
      "",
      "Timeline:",
      ...events.map((event) => `  ${event.at.slice(11, 23)}  ${event.message}`),
      ...section(
        "Calls in flight at the end:",
        run.callsInFlight.map((call) => `${call.tool ?? call.method}, waiting for ${formatDuration(call.ageMs)}`),
      ),
      ...section("Last stderr lines:", run.stderrTail.slice(-20)),
    ].join("\n"),
  );
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
