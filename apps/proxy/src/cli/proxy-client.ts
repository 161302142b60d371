import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { resolveListenAddress } from "../app/listen-address.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Paths } from "../paths.ts";
import type { CommandContext } from "./command-context.ts";

const answerSchema = z.union([
  z.object({ success: z.literal(true), data: z.unknown() }),
  z.object({ success: z.literal(false), error: z.object({ message: z.string() }) }),
]);

/** Asks the running service over REST; undefined when none runs. Throws AppError with the service's words. */
export async function askProxy(
  path: string,
  input: {
    paths: Paths;
    context: CommandContext;
    method?: "GET" | "POST" | "DELETE";
    body?: unknown;
    timeoutMs?: number | undefined;
  },
): Promise<unknown> {
  const { paths, context, method = "GET", body, timeoutMs = 5_000 } = input;
  const proxy = await locateProxy({ paths, context });
  if (proxy === undefined) return undefined;
  let response: Response;
  try {
    response = await fetch(`${proxy.url}/api/v1${path}`, {
      method,
      headers: { "x-api-key": proxy.apiKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    return undefined;
  }
  const answer = answerSchema.parse(await response.json());
  if (answer.success) return answer.data;
  throw new AppError("invalid_request", answer.error.message);
}

/** Where a service of this data directory would listen, and its key; undefined when it never ran. */
export async function locateProxy({
  paths,
  context,
}: {
  readonly paths: Paths;
  readonly context: CommandContext;
}): Promise<{ readonly url: string; readonly apiKey: string } | undefined> {
  const { host, port } = resolveListenAddress(undefined, context.environment, await loadConfig(paths.config));
  const apiKey = await readApiKey(paths);
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host;
  return apiKey === undefined ? undefined : { url: `http://${name}:${port}`, apiKey };
}

async function readApiKey(paths: Paths): Promise<string | undefined> {
  try {
    return (await readFile(paths.apiKey, "utf8")).trim();
  } catch {
    return undefined;
  }
}
