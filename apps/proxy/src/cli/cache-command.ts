import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { Command } from "commander";
import { AppError } from "../app-error.ts";
import type { CacheDirectory, CacheList, CacheRecord, CacheSelection, PrunedCaches } from "../caches/cache-record.ts";
import { selectCaches } from "../caches/select-caches.ts";
import type { PathOptions } from "../paths.ts";
import { withPathOptions, type CommandContext } from "./command-context.ts";
import { confirmWrite } from "./confirm-write.ts";
import { withCaches } from "./open-caches.ts";
import { formatTable } from "./table.ts";

interface CacheOptions extends PathOptions {
  readonly json?: boolean;
}

interface PruneOptions extends CacheOptions {
  readonly orphaned?: boolean;
  readonly all?: boolean;
  readonly yes?: boolean;
}

export function addCacheCommand(program: Command, context: CommandContext): void {
  const cache = withPathOptions(program.command("cache"))
    .description("list the cache volumes of servers, with their sizes")
    .option("--json", "print JSON")
    .action((options: CacheOptions) => withCaches(options, context, (caches) => list(caches, options, context)));
  withPathOptions(cache.command("prune [servers...]"))
    .description("remove cache volumes: the next start of their servers downloads again")
    .option("--orphaned", "those of servers that are no longer in the config")
    .option("--all", "all that no container uses")
    .option("--yes", "do not ask")
    .option("--json", "print JSON; needs --yes")
    .action((servers: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<PruneOptions>();
      const selection = selectionOf(servers, options);
      return withCaches(options, context, (caches) => prune({ caches, selection, options, context }));
    });
}

async function list(caches: CacheDirectory, options: CacheOptions, context: CommandContext): Promise<void> {
  const listed = await caches.list();
  if (listed.problems.length > 0) context.setExitCode(1);
  if (options.json === true) {
    context.print(JSON.stringify(listed));
    return;
  }
  for (const problem of listed.problems) context.printError(problem);
  if (listed.caches.length === 0) context.print("No server has a cache volume yet.");
  else context.print(table(listed));
}

interface PruneInput {
  readonly caches: CacheDirectory;
  readonly selection: CacheSelection;
  readonly options: PruneOptions;
  readonly context: CommandContext;
}

async function prune({ caches, selection, options, context }: PruneInput): Promise<void> {
  const isJson = options.json === true;
  const listed = await caches.list();
  const selected = selectCaches(listed.caches, selection);
  if (!isJson && selected.length > 0) context.print(`${table({ caches: selected })}\n`);
  // What was shown is what goes, also when a cache has come in between.
  const names = [...new Set(selected.map(({ server }) => server))];
  if (names.length > 0 && !(await isConfirmed(selected, options))) {
    context.printError("Nothing was removed. Say --yes to remove these caches without being asked.");
    context.setExitCode(1);
    return;
  }
  const pruned =
    names.length === 0
      ? { removed: [], kept: [], problems: listed.problems }
      : withSizes(await caches.prune({ kind: "servers", names }), selected);
  const isAnyMissed = selection.kind === "servers" && pruned.kept.length > 0;
  if (isAnyMissed || pruned.problems.length > 0) context.setExitCode(1);
  if (isJson) context.print(JSON.stringify(pruned));
  else printPruned(pruned, context);
}

/** The sizes were counted for the question. */
function withSizes(pruned: PrunedCaches, shown: readonly CacheRecord[]): PrunedCaches {
  const sizes = new Map(shown.map(({ volume, sizeBytes }) => [volume, sizeBytes]));
  const sized = (cache: CacheRecord): CacheRecord => ({ ...cache, sizeBytes: sizes.get(cache.volume) ?? null });
  return {
    ...pruned,
    removed: pruned.removed.map(sized),
    kept: pruned.kept.map(({ cache, reason }) => ({ cache: sized(cache), reason })),
  };
}

function printPruned({ removed, kept, problems }: PrunedCaches, context: CommandContext): void {
  for (const problem of problems) context.printError(problem);
  for (const { cache, reason } of kept) context.printError(`The cache of ${cache.server} stays. ${reason}`);
  context.print(
    removed.length === 0
      ? "No cache was removed."
      : `Removed ${removed.map(({ server }) => server).join(", ")}: ${sizeOf(removed)} freed.`,
  );
}

function isConfirmed(selected: readonly CacheRecord[], { yes, json }: PruneOptions): Promise<boolean> {
  const what = selected.length === 1 ? "this cache" : `these ${selected.length} caches`;
  return confirmWrite(`Remove ${what} (${sizeOf(selected)})?`, { write: yes === true, json: json === true });
}

/** Throws AppError invalid_request unless exactly one way of saying which is used. */
function selectionOf(names: readonly string[], { orphaned, all }: PruneOptions): CacheSelection {
  const selections: CacheSelection[] = [
    ...(names.length > 0 ? [{ kind: "servers", names } as const] : []),
    ...(orphaned === true ? [{ kind: "orphaned" } as const] : []),
    ...(all === true ? [{ kind: "all" } as const] : []),
  ];
  const [selection] = selections;
  if (selection !== undefined && selections.length === 1) return selection;
  throw new AppError("invalid_request", "Say which caches: names of servers, or --orphaned, or --all.");
}

function table({ caches }: Pick<CacheList, "caches">): string {
  const isOneEngine = new Set(caches.map(({ context }) => context)).size <= 1;
  const header = ["SERVER", "SIZE", "CREATED", ...(isOneEngine ? [] : ["CONTEXT"]), "IN USE BY"];
  const rows = caches.map((cache) => [
    cache.isOrphaned ? `${cache.server} (not in the config)` : cache.server,
    cache.sizeBytes === null ? "?" : formatBytes(cache.sizeBytes),
    cache.createdAt?.slice(0, 19).replace("T", " ") ?? "?",
    ...(isOneEngine ? [] : [cache.context]),
    cache.usedBy.map(({ container, isRunning }) => (isRunning ? container : `${container} (ended)`)).join(", ") || "-",
  ]);
  return formatTable(header, rows);
}

function sizeOf(caches: readonly CacheRecord[]): string {
  const known = caches.flatMap(({ sizeBytes }) => sizeBytes ?? []);
  const total = formatBytes(known.reduce((sum, bytes) => sum + bytes, 0));
  if (known.length === 0) return "unknown size";
  return known.length === caches.length ? total : `at least ${total}`;
}
