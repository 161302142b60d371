import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { ApiContext } from "../services/context.ts";

/** The actor is undefined for the few routes that need none. */
export interface RestBindings {
  readonly context: ApiContext;
}

export type RestContext = Context<{ Bindings: RestBindings }>;

export function ok<Data>(data: Data): { success: true; data: Data } {
  return { success: true, data };
}

/** Throws AppError invalid_request with the place of each problem. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", z.prettifyError(parsed.error));
}

/** The body as JSON; undefined when it is empty. */
export async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_request", "The body is not JSON.", { cause });
  }
}
