import { Option, type Command } from "commander";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { escapeLine } from "../logs/escape-line.ts";
import type { PathOptions } from "../paths.ts";
import { pathsOf, withPathOptions, type CommandContext } from "./command-context.ts";
import { fitColumns } from "./fit-columns.ts";
import { askMcp } from "./mcp-request.ts";
import { formatTable } from "./table.ts";

const listTimeoutMs = 120_000;
const callTimeoutMs = 600_000;

const listSchema = z.object({
  tools: z.array(z.looseObject({ name: z.string(), description: z.string().optional() })),
});
const callSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).default([]),
  isError: z.boolean().optional(),
});
const argumentsSchema = z.record(z.string(), z.unknown());

export function addToolsCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("tools [server]"))
    .description("list the tools of a server, or of all as /mcp names them")
    .option("--json", "print JSON")
    .action((server: string | undefined, options: PathOptions & { json?: boolean }) =>
      listTools(server ?? "", options, context),
    );
}

interface CallOptions extends PathOptions {
  readonly json?: boolean;
  readonly jsonArgs: string;
}

export function addCallCommand(program: Command, context: CommandContext): void {
  withPathOptions(program.command("call <server> <tool>"))
    .description("call a tool of a server; starts the server if need be")
    .addOption(new Option("--json-args <object>", "its arguments as a JSON object").default("{}"))
    .option("--json", "print the whole result as JSON")
    .action((server: string, tool: string, options: CallOptions) => callTool({ server, tool }, options, context));
}

async function listTools(
  server: string,
  options: PathOptions & { json?: boolean },
  context: CommandContext,
): Promise<void> {
  const paths = pathsOf(options, context);
  const request = { server, method: "tools/list", params: {}, timeoutMs: listTimeoutMs };
  const result = await askMcp(request, { paths, context });
  if (result === undefined) return notRunning(context);
  if (options.json === true) {
    context.print(JSON.stringify(result));
    return;
  }
  const { tools } = listSchema.parse(result);
  const rows = tools.map(({ name, description = "" }) => [escapeLine(name), escapeLine(firstSentence(description))]);
  context.print(fitColumns(formatTable(["TOOL", "WHAT IT DOES"], rows), context));
}

async function callTool(
  { server, tool }: { readonly server: string; readonly tool: string },
  options: CallOptions,
  context: CommandContext,
): Promise<void> {
  const paths = pathsOf(options, context);
  const params = { name: tool, arguments: parseArguments(options.jsonArgs) };
  const request = { server, method: "tools/call", params, timeoutMs: callTimeoutMs };
  const result = await askMcp(request, { paths, context });
  if (result === undefined) return notRunning(context);
  const { content, isError } = callSchema.parse(result);
  if (isError === true) context.setExitCode(1);
  if (options.json === true) context.print(JSON.stringify(result));
  else for (const part of content) context.print(part.text ?? `(${part.type}; --json prints it)`);
}

function parseArguments(text: string): Readonly<Record<string, unknown>> {
  try {
    return argumentsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError(
      "invalid_request",
      `--json-args is no JSON object: ${text}. Write it as in '{"path": "/tmp"}'.`,
      {
        cause: error,
      },
    );
  }
}

function notRunning(context: CommandContext): void {
  context.printError("MCPProxy is not running. Start it with npm start, or mcpproxy serve.");
  context.setExitCode(1);
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}
