import { createRedactor, type Redactor } from "@mcpproxy/core/redaction/redact";
import { shellQuoteAll } from "@mcpproxy/core/format/shell-quote";
import { parseDockerRun } from "@mcpproxy/core/plan/docker-run-command";
import { maskDockerRunSecrets, secretsOfDockerRun } from "@mcpproxy/core/plan/docker-run-identity";
import { parseClientEntry, urlOf } from "../clients/client-entry.ts";
import { toServerName } from "../clients/server-name.ts";
import { describePlan, planNotes } from "../clients/plan-summary.ts";
import type { ImportItem } from "../clients/plan-import.ts";
import { escapeLine } from "../logs/escape-line.ts";
import { formatTable } from "./table.ts";

const widestCommand = 48;

/** What an import would do, as a table and notes below it. No value of env is in it. */
export function formatImport(items: readonly ImportItem[]): string {
  if (items.length === 0) return "No servers in it.";
  const redact = redactorOf(items);
  const rows = items.map((item) => [
    escapeLine(item.source.name),
    shorten(redact(shownCommand(item))),
    escapeLine(actionOf(item)),
  ]);
  const notes = items.flatMap((item) =>
    notesOf(item).map((note) => escapeLine(`  ${item.source.name}: ${redact(note)}`)),
  );
  return [formatTable(["SERVER", "COMMAND", "WHAT HAPPENS"], rows), ...notes].join("\n");
}

/** The same for programs. */
export function importItemsToJson(items: readonly ImportItem[]) {
  const redact = redactorOf(items);
  return items.map((item) => ({
    server: item.source.name,
    file: item.source.file,
    projectFolder: item.source.projectFolder,
    command: redact(shownCommand(item)),
    action: item.kind,
    importedAs: item.kind === "skipped" ? null : item.name,
    reason: item.kind === "skipped" ? redact(item.reason) : null,
    plan: item.kind === "new" ? { kind: item.plan.kind, runs: describePlan(item.plan) } : null,
    notes: item.kind === "skipped" ? [] : notesOf(item).map(redact),
  }));
}

function actionOf(item: ImportItem): string {
  switch (item.kind) {
    case "new":
      return `${isRenamed(item) ? `new, as ${item.name}` : "new"}: ${describePlan(item.plan)}`;
    case "same":
      return `already there${isRenamed(item) ? ` as ${item.name}` : ""}`;
    case "skipped":
      return "skipped";
    default:
      return item satisfies never;
  }
}

function notesOf(item: ImportItem): readonly string[] {
  switch (item.kind) {
    case "new":
      return [...renameNotes(item), ...planNotes(item.plan), ...item.warnings];
    case "same":
      return item.warnings;
    case "skipped":
      return [item.reason];
    default:
      return item satisfies never;
  }
}

function renameNotes({ name, source }: Extract<ImportItem, { kind: "new" }>): readonly string[] {
  if (name === source.name) return [];
  const clean = toServerName(source.name);
  if (name === clean)
    return [`Its name becomes ${name}: names of servers are letters, digits, dots, dashes and underscores.`];
  return [`MCPProxy has another server called ${clean}, so this one becomes ${name}.`];
}

function isRenamed({ name, source }: Exclude<ImportItem, { kind: "skipped" }>): boolean {
  return name !== source.name;
}

function shownCommand({ source }: ImportItem): string {
  const words = wordsOf(source);
  const dockerRun = parseDockerRun(words);
  const shown = dockerRun === undefined ? words : maskDockerRunSecrets(words, dockerRun);
  return shown.length === 0 ? "-" : escapeLine(shellQuoteAll(shown));
}

function wordsOf(source: ImportItem["source"]): readonly string[] {
  const entry = parseClientEntry(source.value);
  if (entry === undefined) return [];
  const url = urlOf(entry);
  if (url !== undefined) return [url.replace(/[?#].*$/s, "?…").replace(/\/\/[^/]*@/, "//…@")];
  return entry.command === undefined ? [] : [entry.command, ...(entry.args ?? [])];
}

/** Masks the values of every env and `docker run -e`, because one server's arguments may hold another one's secret. */
function redactorOf(items: readonly ImportItem[]): Redactor {
  const values = items.flatMap(({ source }) => {
    const dockerRun = parseDockerRun(wordsOf(source));
    return [
      ...Object.values(parseClientEntry(source.value)?.env ?? {}).map(String),
      ...Object.values(parseClientEntry(source.value)?.headers ?? {}),
      ...(dockerRun === undefined ? [] : secretsOfDockerRun(dockerRun)),
    ];
  });
  return createRedactor(values.filter((value) => !/^\$\{[^}]*\}$/.test(value)));
}

function shorten(text: string): string {
  return text.length <= widestCommand ? text : `${text.slice(0, widestCommand - 1)}…`;
}
