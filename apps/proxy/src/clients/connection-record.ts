import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { readConfigFile, replaceConfig } from "../config/write-config.ts";
import { clientIds } from "./client.ts";

const changeSchema = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  kind: z.enum(["added", "replaced"]),
  /** The entry as MCPProxy wrote it; it holds no secrets. */
  written: z.json(),
});

const stepSchema = z.object({
  client: z.enum(clientIds),
  file: z.string(),
  /** The file as it was before; null when there was none. */
  backup: z.string().nullable(),
  at: z.string(),
  writtenSha256: z.string(),
  changes: z.array(changeSchema),
});

const recordSchema = z.object({ version: z.literal(1), steps: z.array(stepSchema) });

/** One entry that `mcpproxy connect` wrote. */
export type ConnectionChange = z.output<typeof changeSchema>;
/** One time that `mcpproxy connect` wrote a client's file. */
export type ConnectionStep = z.output<typeof stepSchema>;

/** The steps of all clients, the oldest first. Throws AppError config_error when the record is damaged. */
export async function readConnectionSteps(dataDirectory: string): Promise<readonly ConnectionStep[]> {
  const path = recordPath(dataDirectory);
  const { text } = await readConfigFile(path);
  if (text === undefined) return [];
  try {
    return recordSchema.parse(JSON.parse(text)).steps;
  } catch (error) {
    throw new AppError(
      "config_error",
      `${path}, the record of what \`mcpproxy connect\` wrote, is damaged. Move it away; the backups beside the clients' files stay.`,
      { cause: error },
    );
  }
}

/** Replaces the record. */
export async function writeConnectionSteps(dataDirectory: string, steps: readonly ConnectionStep[]): Promise<void> {
  const snapshot = await readConfigFile(recordPath(dataDirectory));
  await replaceConfig(snapshot, `${JSON.stringify({ version: 1, steps }, undefined, 2)}\n`);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function recordPath(dataDirectory: string): string {
  return join(dataDirectory, "connections.json");
}
