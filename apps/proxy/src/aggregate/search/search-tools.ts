import * as z from "zod";

/** How many tools a search gives when it does not say. */
const limitByDefault = 5;

export const retrieveArguments = z.object({
  query: z.string().min(1).max(1_000).describe("What you want to do, in a few words: create a GitHub issue."),
  limit: z.int().min(1).max(50).default(limitByDefault).describe("How many tools to give at most."),
});

const callArguments = z.object({
  name: z.string().describe("Name of the tool, exactly as retrieve_tools gave it."),
  arguments: z.looseObject({}).optional().describe("Its arguments, as its inputSchema wants them."),
});

const foundSchema = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string().optional(),
      description: z.string().optional(),
      inputSchema: z.unknown(),
      annotations: z.unknown().optional(),
      score: z.number(),
    }),
  ),
  total: z.number().describe("How many tools were searched."),
});

/** The two tools that stand for all. */
export const searchTools: readonly object[] = [
  {
    name: "retrieve_tools",
    title: "Find tools",
    description:
      "Searches the tools of all MCP servers by words and gives the best, each with its input schema. Call it first, then call_tool with one of the names.",
    inputSchema: z.toJSONSchema(retrieveArguments, { io: "input" }),
    outputSchema: z.toJSONSchema(foundSchema, { io: "output" }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  {
    name: "call_tool",
    title: "Call a tool",
    description: "Calls a tool that retrieve_tools has found. The result is the tool's own.",
    inputSchema: z.toJSONSchema(callArguments, { io: "input" }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  },
];
