import type { Command } from "commander";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import { formatDuration } from "@mcpproxy/core/format/duration";
import type { RunEvent, RunRecord } from "@mcpproxy/core/run/run-record";
import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import { AppError } from "../app-error.ts";
import type { PathOptions } from "../paths.ts";
import type { RunReview, Store } from "../store/store.ts";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { withStore } from "./run-filter-options.ts";
import { shortRunId } from "./short-run-id.ts";

export function addRunsShowCommand(runs: Command, context: CommandContext): void {
  withPathOptions(runs.command("show <id>"))
    .description("one run with its evidence and timeline; the beginning of its id is enough")
    .option("--json", "print JSON")
    .action((id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<PathOptions & { json?: boolean }>();
      return withStore(options, context, (store) => showRun(store, { id, isJson: options.json === true }, context));
    });
}

async function showRun(store: Store, request: { id: string; isJson: boolean }, context: CommandContext): Promise<void> {
  const run = await findRunByStart(store, request.id);
  const events = await store.runs.events(run.id);
  const review = (await store.reviews.of([run.id])).get(run.id) ?? null;
  context.print(
    request.isJson ? JSON.stringify({ ...run, review, events }) : describeRun({ run, review, events }).join("\n"),
  );
}

/** Throws AppError run_not_found, also when several ids begin like this. */
export async function findRunByStart(store: Store, start: string): Promise<RunRecord> {
  const ids = await store.runs.idsStartingWith(start, 2);
  const [id] = ids;
  const run = id === undefined || ids.length > 1 ? undefined : await store.runs.find(id);
  if (run !== undefined) return run;
  if (ids.length > 1)
    throw new AppError(
      "run_not_found",
      `Several runs begin with ${start}, for example ${ids.join(" and ")}. Give more of the id.`,
    );
  throw new AppError("run_not_found", `No run has the id ${start}; \`mcpproxy runs\` lists them.`);
}

function describeRun(found: {
  readonly run: RunRecord;
  readonly review: RunReview | null;
  readonly events: readonly RunEvent[];
}): readonly string[] {
  const { run, review, events } = found;
  const peak = run.peakMemoryBytes === null ? "-" : formatBytes(run.peakMemoryBytes);
  const limit = run.limits.memoryBytes === null ? "none" : formatBytes(run.limits.memoryBytes);
  return [
    `${run.server}  ${run.id}`,
    run.verdict === null
      ? `State: ${run.state}`
      : `${verdictWords[run.verdict.kind].label} (${run.verdict.confidence}): ${run.verdict.summary}`,
    ...(run.verdict?.remedy === undefined ? [] : [run.verdict.remedy]),
    `Memory: peak ${peak}, limit ${limit}`,
    ...(run.restartOf === null ? [] : [`Restart of ${shortRunId(run.restartOf)}, attempt ${run.attempt}`]),
    ...(review === null
      ? []
      : [`Review: ${review.state} by ${review.actor}${review.note === null ? "" : `: ${review.note}`}`]),
    ...section(
      "Why we say this:",
      (run.verdict?.evidence ?? []).map((row) => `${row.source}: ${row.text}`),
    ),
    ...section(
      "Timeline:",
      events.map((event) => `${event.at.slice(11, 23)}  ${event.message}`),
    ),
    ...section(
      "Calls in flight at the end:",
      run.callsInFlight.map((call) => `${call.tool ?? call.method}, waiting for ${formatDuration(call.ageMs)}`),
    ),
    ...section("Last stderr lines:", run.stderrTail.slice(-20)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
