import * as z from "zod";
import type { ApiContext } from "../../api/services/context.ts";

/** One of MCPProxy's own tools. */
export interface OwnTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: z.ZodObject;
  readonly outputSchema: z.ZodObject;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: false;
  };
  /** Parses the arguments and gives the structured content. Throws AppError and ZodError. */
  run(context: ApiContext, input: unknown): Promise<object>;
}

export interface OwnToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Input;
  readonly outputSchema: Output;
  readonly effect: "reads" | "restarts";
  run(context: ApiContext, input: z.output<Input>): Promise<z.input<Output>>;
}

export function defineOwnTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: OwnToolDefinition<Input, Output>,
): OwnTool {
  const { name, title, description, inputSchema, outputSchema, effect, run } = definition;
  const isReading = effect === "reads";
  const annotations = {
    readOnlyHint: isReading,
    destructiveHint: !isReading,
    idempotentHint: isReading,
    openWorldHint: false,
  } as const;
  return {
    name,
    title,
    description,
    inputSchema,
    outputSchema,
    annotations,
    run: async (context, input) => outputSchema.parse(await run(context, inputSchema.parse(input ?? {}))),
  };
}

/** As tools/list shows it. */
export function describeOwnTool({ name, title, description, inputSchema, outputSchema, annotations }: OwnTool): object {
  return {
    name,
    title,
    description,
    inputSchema: z.toJSONSchema(inputSchema, { io: "input" }),
    outputSchema: z.toJSONSchema(outputSchema, { io: "output" }),
    annotations,
  };
}
