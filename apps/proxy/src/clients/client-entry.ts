import { z } from "zod";

/** One server as a client writes it; the keys of all clients together, everything else is kept aside. */
const entrySchema = z.looseObject({
  command: z.string().optional(),
  args: z.array(z.string()).optional(),
  // Some clients take numbers and booleans here; null removes a variable.
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  envFile: z.string().optional(),
  cwd: z.string().optional(),
  type: z.string().optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  disabled: z.boolean().optional(),
});

export type ClientEntry = z.output<typeof entrySchema>;

/** An entry of a client's file, or undefined when it is none. */
export function parseClientEntry(value: unknown): ClientEntry | undefined {
  const result = entrySchema.safeParse(value);
  return result.success ? result.data : undefined;
}

/** The address of a remote server. */
export function urlOf(entry: ClientEntry): string | undefined {
  return entry.url ?? entry.serverUrl;
}
