import * as z from "zod/mini";
import { runStates } from "@mcpproxy/core/run/run-record";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";

// A filter that a person cannot have meant (unknown word, empty text) counts as not set.
const filterSchema = z.object({
  server: z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(200))), undefined),
  verdict: z.catch(z.optional(z.enum(verdictKinds)), undefined),
  state: z.catch(z.optional(z.enum(runStates)), undefined),
  text: z.catch(z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))), undefined),
});

type Parsed = z.infer<typeof filterSchema>;
/** What the Runs page is narrowed to; it lives in the URL. */
export type RunFilter = { readonly [Name in keyof Parsed]?: NonNullable<Parsed[Name]> };
export type RunFilterName = keyof RunFilter;

export const runFilterNames = ["server", "verdict", "state", "text"] as const satisfies readonly RunFilterName[];

/** Reads a filter from anything: search parameters, or the input inside a query key. Never throws. */
export function parseRunFilter(input: unknown): RunFilter {
  const parsed = filterSchema.safeParse(input);
  if (!parsed.success) return {};
  const { server, verdict, state, text } = parsed.data;
  return {
    ...(server === undefined ? {} : { server }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(state === undefined ? {} : { state }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The query string of a filter, with "?" when there is anything to say. */
export function printRunFilter(filter: RunFilter): string {
  const parameters = new URLSearchParams();
  for (const name of runFilterNames) {
    const value = filter[name];
    if (value !== undefined) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
