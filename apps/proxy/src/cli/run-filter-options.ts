import { Option, type Command } from "commander";
import { runStates, type RunState } from "@mcpproxy/core/run/run-record";
import { verdictKinds, type VerdictKind } from "@mcpproxy/core/verdict/verdict";
import type { PathOptions } from "../paths.ts";
import { openStore } from "../store/open-store.ts";
import type { RunFilter, Store } from "../store/store.ts";
import { pathsOf, type CommandContext } from "./command-context.ts";
import { parseTimeOption } from "./time-option.ts";

export interface RunFilterOptions extends PathOptions {
  readonly server?: readonly string[];
  readonly verdict?: readonly VerdictKind[];
  readonly state?: readonly RunState[];
  readonly image?: readonly string[];
  readonly exitCode?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly text?: string;
}

/** The filter of `runs` and `runs export`; options that are given several times mean any of the values. */
export function withRunFilter(command: Command): Command {
  return command
    .option("--server <name...>", "only these servers")
    .addOption(new Option("--verdict <kind...>", "only these verdicts").choices(verdictKinds))
    .addOption(new Option("--state <state...>", "only in these states").choices(runStates))
    .option("--image <image...>", "only of these images")
    .option("--exit-code <code...>", "only with these exit codes")
    .option("--since <when>", "only begun since: 10m, 2h, 30d, or a time")
    .option("--until <when>", "only begun before: 10m, 2h, 30d, or a time")
    .option("--text <text>", "only with this text in server, image or verdict");
}

/** Throws AppError invalid_request for a time that is none. */
export function runFilterOf(options: RunFilterOptions): RunFilter {
  const nowMs = Date.now();
  const { server, verdict, state, image, exitCode, since, until, text } = options;
  return {
    server,
    verdict,
    state,
    image,
    exitCode: exitCode?.map(Number),
    from: since === undefined ? undefined : parseTimeOption("--since", { text: since, nowMs }),
    to: until === undefined ? undefined : parseTimeOption("--until", { text: until, nowMs }),
    text,
  };
}

/** The history itself, which is there also while MCPProxy does not run. */
export async function withStore(
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
