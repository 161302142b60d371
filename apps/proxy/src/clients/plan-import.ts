import { configValueAt, editConfig, type ConfigEdit } from "@mcpproxy/config-schema/edit-config";
import { parseConfig, type ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import { AppError } from "../app-error.ts";
import { planServers, type PlanningFacts } from "../config/plan-servers.ts";
import { parseClientEntry, urlOf } from "./client-entry.ts";
import type { OurProgram } from "./our-entry.ts";
import { summarizePlan, type PlanSummary } from "./plan-summary.ts";
import { readClientEntries, type FoundEntry } from "./read-client-file.ts";
import { nameCandidates, toServerName } from "./server-name.ts";
import { translateEntry, type ServerDraft } from "./translate-entry.ts";

/** What happens with one server of a client's file. */
export type ImportItem =
  | {
      readonly kind: "new";
      readonly source: FoundEntry;
      readonly name: string;
      readonly draft: ServerDraft;
      readonly plan: PlanSummary;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: "same";
      readonly source: FoundEntry;
      readonly name: string;
      readonly draft: ServerDraft;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "skipped"; readonly source: FoundEntry; readonly reason: string };

export interface ImportPlan {
  readonly items: readonly ImportItem[];
  /** The config with the new servers. */
  readonly text: string;
}

export interface ImportRequest {
  readonly found: readonly FoundEntry[];
  /** MCPProxy's own config. */
  readonly config: { readonly file: string; readonly text: string };
  readonly program: OurProgram;
  readonly facts: PlanningFacts;
  readonly homeDirectory: string;
  readonly hasBareNames: boolean;
}

type Candidate = Exclude<ImportItem, { kind: "new" }> | Omit<Extract<ImportItem, { kind: "new" }>, "plan">;
type NewCandidate = Extract<Candidate, { kind: "new" }>;

/** Decides what an import would do, without doing it. Throws AppError config_error when the config cannot take it. */
export function planImport(request: ImportRequest): ImportPlan {
  const candidates = chooseNames(request);
  const trial = parseConfig(addServers(request.config, candidates.filter(isNew)), request.config.file);
  const plans = new Map(planServers(trial, request.facts).map((spec) => [spec.name, summarizePlan(spec.plan)]));
  const items = candidates.map((candidate): ImportItem => {
    if (candidate.kind !== "new") return candidate;
    const problem = problemOf(trial, candidate.name);
    if (problem !== undefined) return { kind: "skipped", source: candidate.source, reason: problem };
    const plan = plans.get(candidate.name);
    if (plan === undefined) throw new Error(`no plan for ${candidate.name}`);
    return { ...candidate, plan };
  });
  return { items, text: addServers(request.config, items.filter(isNew)) };
}

function isNew<Item extends Candidate>(item: Item): item is Extract<Item, { kind: "new" }> {
  return item.kind === "new";
}

/** Gives every server a name that is free, or finds that it is there already. */
function chooseNames(request: ImportRequest): readonly Candidate[] {
  const taken = new Map<string, Taken>(
    readClientEntries(request.config.text, { file: request.config.file, projectFolder: null }).map((entry) => [
      entry.name.toLowerCase(),
      takenBy(entry),
    ]),
  );
  return request.found.map((source): Candidate => {
    const translated = translateEntry(source, { program: request.program, scope: { ...request, ...source } });
    if (translated.kind === "skipped") return { ...translated, source };
    const { draft, warnings } = translated;
    for (const name of nameCandidates(toServerName(source.name))) {
      const holder = taken.get(name.toLowerCase());
      if (holder === undefined) {
        taken.set(name.toLowerCase(), { name, ...draft });
        return { kind: "new", source, name, draft, warnings };
      }
      if (isSameCommand(holder, draft))
        return { kind: "same", source, name: holder.name, draft, warnings: differencesOf(holder, draft) };
    }
    throw new Error("the candidates never end");
  });
}

interface Taken {
  readonly name: string;
  /** Undefined for an entry that is no stdio server. */
  readonly command?: string | undefined;
  /** Undefined for an entry that is no remote server. */
  readonly url?: string | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, unknown>>;
}

function takenBy({ name, value }: FoundEntry): Taken {
  const entry = parseClientEntry(value);
  return { name, command: entry?.command, url: entry && urlOf(entry), args: entry?.args ?? [], env: entry?.env ?? {} };
}

type Address = Pick<Taken, "command" | "url" | "args">;

/** True when two entries start the same program with the same arguments, or point at the same remote server. */
export function isSameCommand(one: Address, other: Address): boolean {
  return (
    one.command === other.command &&
    one.url === other.url &&
    one.args.length === other.args.length &&
    one.args.every((argument, index) => argument === other.args[index])
  );
}

function differencesOf(holder: Taken, draft: ServerDraft): readonly string[] {
  const names = [...new Set([...Object.keys(holder.env), ...Object.keys(draft.env)])].filter(
    (name) => holder.env[name] !== draft.env[name],
  );
  return names.length === 0
    ? []
    : [`Its env differs from the one configured here (${names.join(", ")}); that one stays.`];
}

function addServers(
  { file, text }: ImportRequest["config"],
  servers: readonly Pick<NewCandidate, "name" | "draft">[],
): string {
  const isMap = !Array.isArray(configValueAt(text, ["mcpServers"]) ?? []);
  const edits = servers.map(({ name, draft }): ConfigEdit => {
    const value = compactEntry(draft);
    return isMap
      ? { kind: "set", path: ["mcpServers", name], value }
      : { kind: "insert", path: ["mcpServers"], value: { name, ...value } };
  });
  const edited = editConfig(text, edits);
  if (edited.ok) return edited.value;
  throw new AppError("config_error", `${file} cannot be changed: ${edited.problem} ${edited.remedy}`);
}

function compactEntry({ command, args, env, ...rest }: ServerDraft) {
  return {
    ...(command === undefined ? {} : { command }),
    ...(args.length === 0 ? {} : { args }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...rest,
  };
}

function problemOf(trial: ParsedConfig, name: string): string | undefined {
  const server = trial.servers.find((entry) => entry.name === name);
  if (server === undefined || server.ok) return undefined;
  return server.issues.map(({ message, remedy }) => [message, remedy].filter(Boolean).join(" ")).join(" ");
}
