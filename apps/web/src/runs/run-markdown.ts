import { formatBytes } from "@mcpproxy/core/format/bytes";
import { formatDuration } from "@mcpproxy/core/format/duration";
import { dockerCommand, shellQuoteAll } from "@mcpproxy/core/format/shell-quote";
import type { RunEvent, RunRecord } from "@mcpproxy/core/run/run-record";
import { exitWords } from "./exit-words.ts";
import { formatOffset, timelineRows } from "./timeline-rows.ts";

const stderrLinesMax = 40;

/** A run as a text for an issue: verdict, facts, evidence, timeline, last lines, command. Secrets were masked before they were stored. */
export function runMarkdown(run: RunRecord, events: readonly RunEvent[]): string {
  const parts = [
    `### ${run.verdict?.summary ?? `Run of ${run.server}`}`,
    facts(run),
    section("Why", evidence(run)),
    section("Calls in flight", callLines(run)),
    section("Timeline", timeline(run, events)),
    section("Last stderr lines", fenced(run.stderrTail.slice(-stderrLinesMax))),
    section("Docker command", run.dockerRunArgs === null ? "" : fenced([dockerCommand(run.dockerRunArgs)])),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function facts(run: RunRecord): string {
  const { limits } = run;
  const limitWords = limits.memoryBytes === null ? "no limit" : `limit ${formatBytes(limits.memoryBytes)}`;
  const peak = run.peakMemoryBytes === null ? "" : `peak ${formatBytes(run.peakMemoryBytes)}, `;
  const rows: readonly (readonly [name: string, value: string | null | undefined])[] = [
    ["Server", run.server],
    ["Verdict", run.verdict && `${run.verdict.kind} (${run.verdict.confidence})`],
    ["Started", run.startedAt],
    ["Ended", run.endedAt],
    ["Duration", run.durationMs === null ? null : formatDuration(run.durationMs)],
    ["Exit", exitWords(run)],
    ["Memory", `${peak}${limitWords}`],
    ["Image", run.image && [run.image, run.imageDigest].filter((part) => part !== null).join(" ")],
    ["Command", shellQuoteAll(run.command)],
    ["Run", run.id],
  ];
  const shown = rows.flatMap(([name, value]) => (value ? [`| ${name} | ${inCell(value)} |`] : []));
  return ["| | |", "|---|---|", ...shown].join("\n");
}

function evidence({ verdict }: RunRecord): string {
  return (verdict?.evidence ?? []).map(({ source, text }) => `- ${source}: ${inLine(text)}`).join("\n");
}

function callLines({ callsInFlight }: RunRecord): string {
  return callsInFlight.map(({ tool, method, ageMs }) => `- ${tool ?? method}, for ${formatDuration(ageMs)}`).join("\n");
}

function timeline({ startedAt }: RunRecord, events: readonly RunEvent[]): string {
  const rows = timelineRows({ events, startedAt });
  return rows
    .map(({ event, offsetMs }) => `- ${formatOffset(offsetMs)} ${event.kind} ${inLine(event.message)}`)
    .join("\n");
}

function section(title: string, body: string): string {
  return body === "" ? "" : `**${title}**\n\n${body}`;
}

/** A fence longer than any in the text: what a server prints must not end it. */
function fenced(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${lines.join("\n")}\n${fence}`;
}

function inLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function inCell(text: string): string {
  return inLine(text).replaceAll("|", "\\|");
}
