import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { Command } from "commander";
import { z } from "zod";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { loadConfig } from "../config/load-config.ts";
import { planServers } from "../config/plan-servers.ts";
import { DockerEngineSet } from "../engine/docker/docker-engine-set.ts";
import type { Environment } from "../environment.ts";
import type { PathOptions } from "../paths.ts";
import { engineUseOf } from "../runs/engine-use.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { askProxy } from "./proxy-client.ts";
import { formatTable } from "./table.ts";

type ContextsOptions = PathOptions & { readonly json?: boolean };

const answerSchema: z.ZodType<{ contexts: readonly DockerContextRecord[] }> = z.object({
  contexts: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      endpoint: z.string().nullable(),
      isDefault: z.boolean(),
      isUsed: z.boolean(),
      reason: z.string().nullable(),
      state: z.enum(["available", "unavailable", "unchecked"]),
      version: z.string().nullable(),
      problem: z.object({ message: z.string(), remedy: z.string() }).nullable(),
      servers: z.array(z.string()),
    }),
  ),
});

export function addContextsCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("contexts"))
    .description("list the Docker engines there are, which one is used, and why")
    .option("--json", "print JSON")
    .action((options: ContextsOptions) => listContexts(options, context));
}

async function listContexts(options: ContextsOptions, context: CommandContext): Promise<void> {
  const paths = pathsOf(options, context);
  const answer = await askProxy("/docker/contexts", { paths, context });
  const isRunning = answer !== undefined;
  const contexts = isRunning ? answerSchema.parse(answer).contexts : await lookUp(paths.config, context);
  if (contexts.some(({ isUsed, state }) => isUsed && state !== "available")) context.setExitCode(1);
  if (options.json === true) {
    context.print(JSON.stringify({ contexts }));
    return;
  }
  if (!isRunning) context.printError("MCPProxy is not running; this is what it would find:");
  context.print(formatTable(["NAME", "ENDPOINT", "ANSWERS", "SERVERS"], contexts.map(rowOf)));
  for (const line of explanations(contexts, isRunning ? undefined : context.environment)) context.print(line);
}

/** Without a running service: what it would find. */
async function lookUp(configPath: string, context: CommandContext): Promise<readonly DockerContextRecord[]> {
  const { environment, platform } = context;
  const config = await loadConfig(configPath);
  const specs = planServers(config, gatherPlanningFacts(environment, platform));
  const engines = new DockerEngineSet({ environment: environment.docker, instanceId: "contexts" });
  try {
    await engines.use(engineUseOf(config.settings, specs));
    return await engines.checkContexts();
  } finally {
    await engines.close();
  }
}

function rowOf(record: DockerContextRecord): readonly string[] {
  const { name, isDefault, endpoint, state, version, servers } = record;
  const answer = state === "available" ? `yes (${version ?? "unknown version"})` : state === "unavailable" ? "no" : "?";
  return [isDefault ? `${name} *` : name, endpoint ?? "-", answer, servers.join(", ") || "-"];
}

function explanations(
  contexts: readonly DockerContextRecord[],
  environment: Environment | undefined,
): readonly string[] {
  const used = contexts.filter(({ isUsed }) => isUsed);
  return [
    "",
    ...used.flatMap(({ name, reason, isDefault }) =>
      reason === null ? [] : [`${name}${isDefault ? " *" : ""}: ${reason}.`],
    ),
    ...used.flatMap(({ name, problem }) =>
      problem === null ? [] : [`${name} does not answer: ${problem.message} ${problem.remedy}`],
    ),
    ...overrides(environment, used),
  ];
}

/** What wins over `docker context use`, which people try first. */
function overrides(environment: Environment | undefined, used: readonly DockerContextRecord[]): readonly string[] {
  const reason = used.find(({ isDefault }) => isDefault)?.reason ?? "";
  const variable = ["DOCKER_HOST", "DOCKER_CONTEXT"].find((name) => reason === `${name} is set`);
  if (variable === undefined) return [];
  const where = environment === undefined ? "where MCPProxy was started" : "in this shell";
  return [`${variable} is set ${where}: \`docker context use\` has no effect on MCPProxy until it is unset there.`];
}
