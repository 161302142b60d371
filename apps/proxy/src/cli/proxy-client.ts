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
  const { host, port } = resolveListenAddress(undefined, context.environment, await loadConfig(paths.config));
  const apiKey = await readApiKey(paths);
  if (apiKey === undefined) return undefined;
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host;
  let response: Response;
  try {
    response = await fetch(`http://${name}:${port}/api/v1${path}`, {
      method,
      headers: { "x-api-key": apiKey },
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

async function readApiKey(paths: Paths): Promise<string | undefined> {
  try {
    return (await readFile(paths.apiKey, "utf8")).trim();
  } catch {
    return undefined;
  }
}
