import type { Command } from "commander";
import { editConfig } from "@mcpproxy/config-schema/edit-config";
import { firstConfigText } from "@mcpproxy/config-schema/first-config";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { AppError } from "../app-error.ts";
import { clientIds, isClientId } from "../clients/client.ts";
import { findClientEntries, type FoundFiles } from "../clients/find-client-entries.ts";
import { planImport, type ImportPlan } from "../clients/plan-import.ts";
import { isProblem } from "../clients/plan-summary.ts";
import { refuseBrokenText, type FoundEntry } from "../clients/read-client-file.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { readConfigFile, writeConfig } from "../config/write-config.ts";
import type { PathOptions, Paths } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { confirmWrite, type WriteOptions } from "./confirm-write.ts";
import { formatImport, importItemsToJson } from "./import-preview.ts";
import { ourProgram } from "./our-program.ts";

type ImportOptions = PathOptions & WriteOptions & { readonly only?: readonly string[] };

export function addImportCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("import <client>"))
    .description(`take over the servers of ${clientIds.join(", ")}, or of a file: a preview first`)
    .option("--only <name...>", "only these servers")
    .option("--write", "write without asking")
    .option("--json", "print JSON; writes only with --write")
    .action((client: string, options: ImportOptions) => importServers(client, options, context));
}

async function importServers(client: string, options: ImportOptions, context: CommandContext): Promise<void> {
  const { environment, platform } = context;
  const paths = pathsOf(options, context);
  const found = await findClientEntries(client, { environment, platform, workingDirectory: process.cwd() });
  const snapshot = await readConfigFile(paths.config);
  const plan = planFor(snapshot.text ?? emptyConfig(), { found, options, paths, context });
  const newCount = plan.items.filter(({ kind }) => kind === "new").length;
  if (plan.items.some((item) => item.kind === "new" && isProblem(item.plan))) context.setExitCode(1);
  if (options.json !== true)
    context.print(`${found.title}: ${found.files.join(", ")}\n\n${formatImport(plan.items)}\n`);
  const mayWrite = newCount > 0 && (await confirmWrite(`Write ${servers(newCount)} into ${paths.config}?`, options));
  const backup = mayWrite ? await writeConfig(snapshot, plan.text, { now: new Date() }) : null;
  if (options.json === true) {
    const items = importItemsToJson(plan.items);
    context.print(
      JSON.stringify({ files: found.files, config: paths.config, servers: items, written: mayWrite, backup }),
    );
    return;
  }
  context.print(closingWords({ client, newCount, mayWrite, config: paths.config, backup }));
}

function planFor(
  text: string,
  given: {
    readonly found: FoundFiles;
    readonly options: ImportOptions;
    readonly paths: Paths;
    readonly context: CommandContext;
  },
): ImportPlan {
  const { found, options, paths, context } = given;
  const { environment, platform } = context;
  const config = { file: paths.config, text };
  refuseBrokenText(text, config.file);
  return planImport({
    config,
    found: only(found.entries, options.only),
    program: ourProgram(parseConfig(text, config.file), { paths, context }),
    facts: gatherPlanningFacts(environment, platform),
    homeDirectory: environment.homeDirectory,
    hasBareNames: found.hasBareNames,
  });
}

/** The first config without its examples. */
function emptyConfig(): string {
  const edited = editConfig(firstConfigText(), [{ kind: "set", path: ["mcpServers"], value: [] }]);
  if (!edited.ok) throw new Error(edited.problem);
  return edited.value;
}

function only(entries: readonly FoundEntry[], names: readonly string[] | undefined): readonly FoundEntry[] {
  if (names === undefined) return entries;
  const unknown = names.filter((name) => !entries.some((entry) => entry.name === name));
  if (unknown.length === 0) return entries.filter(({ name }) => names.includes(name));
  const known = entries.map(({ name }) => name).join(", ") || "none";
  throw new AppError("server_not_found", `No server is called ${unknown.join(", ")} there. Found: ${known}.`);
}

function closingWords(outcome: {
  readonly client: string;
  readonly newCount: number;
  readonly mayWrite: boolean;
  readonly config: string;
  readonly backup: string | null;
}): string {
  if (outcome.newCount === 0) return "Nothing to write.";
  if (!outcome.mayWrite) return "Nothing was written. Add --write to write.";
  const backup = outcome.backup === null ? "" : ` The file before it: ${outcome.backup}`;
  const next = isClientId(outcome.client) ? `\nNext, let the client use them: mcpproxy connect ${outcome.client}` : "";
  return `Wrote ${servers(outcome.newCount)} into ${outcome.config}.${backup}${next}`;
}

function servers(count: number): string {
  return count === 1 ? "1 server" : `${count} servers`;
}
