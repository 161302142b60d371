import type { Command } from "commander";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import { formatDuration } from "@mcpproxy/core/format/duration";
import { formatLatency } from "@mcpproxy/core/format/latency";
import type { ToolCallStats } from "@mcpproxy/core/run/call-counts";
import { describeChange } from "@mcpproxy/core/run/diff-snapshots";
import type { RunEvent, RunRecord } from "@mcpproxy/core/run/run-record";
import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import { runCallStats } from "../api/services/call-stats.ts";
import { runChanges, type RunChanges } from "../api/services/run-changes.ts";
import { AppError } from "../app-error.ts";
import type { PathOptions } from "../paths.ts";
import type { RunReview, Store } from "../store/store.ts";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { withStore } from "./run-filter-options.ts";
import { shortRunId } from "./short-run-id.ts";
import { formatTable } from "./table.ts";
import { wrapLines } from "./wrap-lines.ts";

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
  const found: FoundRun = {
    run,
    review: (await store.reviews.of([run.id])).get(run.id) ?? null,
    events: await store.runs.events(run.id),
    tools: await runCallStats({ store }, run.id),
    changes: await runChanges(store, { run, against: "previous" }),
  };
  if (request.isJson) {
    const { run: record, ...rest } = found;
    context.print(JSON.stringify({ ...record, ...rest }));
    return;
  }
  context.print(wrapLines(describeRun(found).join("\n"), context));
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

interface FoundRun {
  readonly run: RunRecord;
  readonly review: RunReview | null;
  readonly events: readonly RunEvent[];
  readonly tools: readonly ToolCallStats[];
  readonly changes: RunChanges;
}

function describeRun({ run, review, events, tools, changes }: FoundRun): readonly string[] {
  return [
    `${run.server}  ${run.id}`,
    ...describeState(run),
    describeMemory(run),
    ...(run.restartOf === null ? [] : [`Restart of ${shortRunId(run.restartOf)}, attempt ${run.attempt}`]),
    ...describeChanges(changes),
    ...(review === null ? [] : [describeReview(review)]),
    ...section(
      "Why we say this:",
      (run.verdict?.evidence ?? []).map((row) => `${row.source}: ${row.text}`),
    ),
    ...section(
      "Timeline:",
      events.map((event) => `${event.at.slice(11, 23)}  ${event.message}`),
    ),
    ...section("Calls:", describeTools(tools)),
    ...section(
      run.state === "ended" ? "Calls in flight at the end:" : "Calls in flight:",
      run.callsInFlight.map(
        (call) =>
          `${call.tool ?? call.method}, waiting for ${formatDuration(call.ageMs)}, session ${call.sessionId.slice(0, 8)}`,
      ),
    ),
    ...section("Last stderr lines:", run.stderrTail.slice(-20)),
  ];
}

function describeState({ state, verdict }: RunRecord): readonly string[] {
  if (verdict === null) return [`State: ${state}`];
  return [
    `${verdictWords[verdict.kind].label} (${verdict.confidence}): ${verdict.summary}`,
    ...(verdict.remedy === undefined ? [] : [verdict.remedy]),
  ];
}

function describeMemory({ peakMemoryBytes, limits }: RunRecord): string {
  const peak = peakMemoryBytes === null ? "-" : formatBytes(peakMemoryBytes);
  return `Memory: peak ${peak}, limit ${limits.memoryBytes === null ? "none" : formatBytes(limits.memoryBytes)}`;
}

function describeChanges({ against, isKnown, changes }: RunChanges): readonly string[] {
  if (against === null || !isKnown) return [];
  const what = changes.length === 0 ? "nothing" : changes.map(describeChange).join(", ");
  return [`Changed since the previous run (${shortRunId(against.id)}): ${what}`];
}

function describeReview({ state, actor, note }: RunReview): string {
  return `Review: ${state} by ${actor}${note === null ? "" : `: ${note}`}`;
}

const toolNameColumns = 34;

function describeTools(tools: readonly ToolCallStats[]): readonly string[] {
  if (tools.length === 0) return [];
  const time = (durationMs: number | null): string => (durationMs === null ? "-" : formatLatency(durationMs));
  const rows = tools.map((stats) => [
    stats.tool.length > toolNameColumns ? `${stats.tool.slice(0, toolNameColumns - 1)}…` : stats.tool,
    String(stats.calls),
    String(stats.errors),
    String(stats.cancelled),
    ...[stats.p50Ms, stats.p95Ms, stats.maxMs].map(time),
  ]);
  return formatTable(["TOOL", "CALLS", "ERR", "CANC", "P50", "P95", "MAX"], rows).split("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
