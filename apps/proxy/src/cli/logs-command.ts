import { Option, type Command } from "commander";
import { AppError } from "../app-error.ts";
import { loadConfig } from "../config/load-config.ts";
import { createServerLog } from "../logs/server-log.ts";
import { logLineTest, logStreams, type LogLineFilter, type LogStream } from "../logs/server-log-line.ts";
import type { PathOptions, Paths } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { followProxyLog } from "./follow-proxy-log.ts";
import { withStore } from "./run-filter-options.ts";
import { findRunByStart } from "./runs-show-command.ts";
import { parseCountOption, parseTimeOption } from "./time-option.ts";

interface LogsOptions extends PathOptions {
  readonly lines: string;
  readonly follow?: boolean;
  readonly since?: string;
  readonly run?: string;
  readonly stream?: LogStream;
  readonly json?: boolean;
}

const linesMax = 100_000;
/** The line that tells a run's end is written a moment after it. */
const endLineGraceMs = 5_000;

export function addLogsCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("logs <server>"))
    .description("print the end of a server's log")
    .option("-n, --lines <number>", "how many lines", "100")
    .option("-f, --follow", "go on with what comes, until Ctrl-C or the end of --run")
    .option("--since <when>", "only lines since: 10m, 2h, or a time")
    .option("--run <id>", "only the time of this run; the beginning of its id is enough")
    .addOption(new Option("--stream <name>", "only what this one wrote").choices(logStreams))
    .option("--json", "print JSON")
    .action((server: string, options: LogsOptions) => printLog(server, options, context));
}

async function printLog(server: string, options: LogsOptions, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const lines = parseCountOption("--lines", { text: options.lines, max: linesMax });
  await checkServer(server, { options, paths });
  const span = await findSpan({ server, options, context });
  const filter = { stream: options.stream, since: span.since, until: span.until };
  if (options.follow === true && span.until === undefined) {
    await followProxyLog({ server, paths, context, lines, ...filter, runId: span.runId });
    return;
  }
  const found = await readLogFile({ server, paths, filter });
  context.print(
    options.json === true ? JSON.stringify({ lines: found.slice(-lines) }) : found.slice(-lines).join("\n"),
  );
}

async function checkServer(
  server: string,
  { options, paths }: { readonly options: LogsOptions; readonly paths: Paths },
): Promise<void> {
  // The log of a run is there also when its server is no longer configured.
  if (options.run !== undefined) return;
  const { servers } = await loadConfig(paths.config);
  if (servers.some(({ name }) => name === server)) return;
  throw new AppError(
    "server_not_found",
    `No server is called "${server}" in ${paths.config}. Configured: ${servers.map(({ name }) => name).join(", ") || "none"}.`,
  );
}

interface Span {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly runId?: string | undefined;
}

/** Throws AppError run_not_found, also for a run of another server. */
async function findSpan(request: {
  readonly server: string;
  readonly options: LogsOptions;
  readonly context: CommandContext;
}): Promise<Span> {
  const { server, options, context } = request;
  const { run: start, since: text } = options;
  const since = text === undefined ? undefined : parseTimeOption("--since", { text, nowMs: Date.now() });
  if (start === undefined) return { since };
  let span: Span = {};
  await withStore(options, context, async (store) => {
    const run = await findRunByStart(store, start);
    if (run.server !== server)
      throw new AppError(
        "run_not_found",
        `Run ${run.id} is one of "${run.server}", not of "${server}". Try \`mcpproxy logs ${run.server} --run ${start}\`.`,
      );
    const until = run.endedAt === null ? undefined : new Date(Date.parse(run.endedAt) + endLineGraceMs).toISOString();
    span = { since: since ?? run.startedAt, until, runId: run.id };
  });
  return span;
}

async function readLogFile(request: {
  readonly server: string;
  readonly paths: Paths;
  readonly filter: LogLineFilter;
}): Promise<readonly string[]> {
  // What is in the file was redacted when it was written.
  const log = createServerLog({
    directory: request.paths.logDirectory,
    server: request.server,
    redact: (text) => text,
  });
  const found = await log.tail(linesMax);
  await log.close();
  return found.filter(logLineTest(request.filter));
}
