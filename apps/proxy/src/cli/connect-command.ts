import type { Command } from "commander";
import { parseConfig } from "@mcpproxy/config-schema/parse-config";
import { AppError } from "../app-error.ts";
import { clientIds, type Client } from "../clients/client.ts";
import { connectClient } from "../clients/connect-client.ts";
import { offeredServers } from "../clients/offered-servers.ts";
import { allServersName, isReachableWithoutKey, type OurProgram } from "../clients/our-entry.ts";
import { planConnect, type ConnectPlan, type OfferedServer } from "../clients/plan-connect.ts";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { readConfigFile, type ConfigSnapshot } from "../config/write-config.ts";
import type { PathOptions, Paths } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { confirmWrite, type WriteOptions } from "./confirm-write.ts";
import { formatConnect } from "./connect-preview.ts";
import { connectTarget, type TargetOptions } from "./connect-target.ts";
import { ourProgram } from "./our-program.ts";
import { undoConnection } from "./undo-connection.ts";

interface ConnectOptions extends PathOptions, WriteOptions, TargetOptions {
  readonly only?: readonly string[];
  readonly stdio?: boolean;
  readonly allInOne?: boolean;
  readonly undo?: boolean;
}

export function addConnectCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("connect <client>"))
    .description(`let ${clientIds.join(", ")} use the servers of MCPProxy: a preview first`)
    .option("--only <name...>", "only these servers")
    .option("--all-in-one", "one entry for all servers, whose tools are then named server__tool")
    .option("--stdio", "entries that start `mcpproxy stdio` instead of HTTP addresses")
    .option("--project", "the client's file in this folder instead of the user's")
    .option("--file <path>", "another file of the client, for example of a second profile")
    .option("--undo", "take back what connect wrote")
    .option("--write", "write without asking")
    .option("--json", "print JSON; writes only with --write")
    .action((client: string, options: ConnectOptions) => connect(client, options, context));
}

async function connect(name: string, options: ConnectOptions, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const { environment, platform } = context;
  const { client, snapshot } = await connectTarget(name, options, {
    environment,
    platform,
    workingDirectory: process.cwd(),
  });
  if (options.undo === true) return undoConnection({ client, snapshot, paths, options, context });
  const { plan, program } = await planFor({ client, snapshot }, { options, paths, context });
  if (plan.items.some(({ kind }) => kind === "skipped")) context.setExitCode(1);
  if (options.json !== true) context.print(`${client.title}: ${snapshot.path}\n\n${formatConnect(plan.items)}\n`);
  const mayWrite =
    plan.changes.length > 0 &&
    (await confirmWrite(`Write ${entries(plan.changes.length)} into ${snapshot.path}?`, options));
  const backup = mayWrite
    ? await connectClient(plan, { client: client.id, snapshot, dataDirectory: paths.dataDirectory, now: new Date() })
    : null;
  if (options.json === true) {
    context.print(
      JSON.stringify({ client: client.id, file: snapshot.path, servers: plan.items, written: mayWrite, backup }),
    );
    return;
  }
  context.print(closingWords({ client, plan, program, mayWrite, backup }));
}

async function planFor(
  { client, snapshot }: { readonly client: Client; readonly snapshot: ConfigSnapshot },
  given: { readonly options: ConnectOptions; readonly paths: Paths; readonly context: CommandContext },
): Promise<{ readonly plan: ConnectPlan; readonly program: OurProgram }> {
  const { options, paths, context } = given;
  const { text } = await readConfigFile(paths.config);
  if (text === undefined)
    throw new AppError("config_error", `There is no ${paths.config}. Start with \`mcpproxy import ${client.id}\`.`);
  const config = parseConfig(text, paths.config);
  const facts = gatherPlanningFacts(context.environment, context.platform);
  const offered = offeredServers(config, { file: paths.config, text, facts });
  const program = ourProgram(config, { paths, context });
  const canUseHttp = options.stdio !== true && client.urlKey !== null && isReachableWithoutKey(program.listen);
  const plan = planConnect({
    client,
    program,
    file: snapshot.path,
    text: snapshot.text ?? "",
    servers: options.allInOne === true ? [allServers(canUseHttp)] : only(offered, options.only),
    configuredNames: offered.map(({ name }) => name),
    transport: canUseHttp ? "http" : "stdio",
    homeDirectory: context.environment.homeDirectory,
  });
  return { plan, program };
}

/** All servers as one, for a client that takes addresses. */
function allServers(canUseHttp: boolean): OfferedServer {
  const problem = "All servers in one entry need an address: this client, --stdio or the listen address allows none.";
  return {
    name: allServersName,
    command: undefined,
    args: [],
    isEnabled: true,
    problem: canUseHttp ? null : problem,
  };
}

/** The servers that are named; else all that are not disabled. */
function only(servers: readonly OfferedServer[], names: readonly string[] | undefined): readonly OfferedServer[] {
  if (names === undefined) return servers.filter(({ isEnabled }) => isEnabled);
  const unknown = names.filter((name) => !servers.some((server) => server.name === name));
  if (unknown.length === 0) return servers.filter(({ name }) => names.includes(name));
  const known = servers.map(({ name }) => name).join(", ") || "none";
  throw new AppError("server_not_found", `No server is called ${unknown.join(", ")}. Configured: ${known}.`);
}

function closingWords(outcome: {
  readonly client: Client;
  readonly plan: ConnectPlan;
  readonly program: OurProgram;
  readonly mayWrite: boolean;
  readonly backup: string | null;
}): string {
  const { client, plan, program } = outcome;
  if (plan.changes.length === 0) return "Nothing to write.";
  if (!outcome.mayWrite) return "Nothing was written. Add --write to write.";
  const isOpen = client.urlKey !== null && !isReachableWithoutKey(program.listen);
  return [
    `Wrote ${entries(plan.changes.length)}. To take them back: mcpproxy connect ${client.id} --undo`,
    ...(outcome.backup === null ? [] : [`The file before it: ${outcome.backup}`]),
    ...(isOpen
      ? [
          `They start mcpproxy stdio, because ${program.listen.host}:${program.listen.port} asks for a key, which does not belong into this file.`,
        ]
      : []),
    ...(usesHttp(plan) ? ["They work while MCPProxy runs: npm start, or mcpproxy serve."] : []),
    client.reload,
  ].join("\n");
}

function usesHttp({ changes }: ConnectPlan): boolean {
  return changes.some(({ written }) => typeof written === "object" && written !== null && !("command" in written));
}

function entries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}
