import { configTextAt } from "@mcpproxy/config-schema/edit-config";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import { AppError } from "../app-error.ts";
import { maskEntry } from "./mask-entry.ts";
import { placeOfServer } from "./server-place.ts";
import { readConfigFile } from "./write-config.ts";

/** A server's entry as it stands in the config file. */
export interface ConfigEntry {
  readonly configPath: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Secrets masked, indented as if it stood alone. */
  readonly text: string;
}

/** Reads one entry of the config file. Throws AppError server_not_found, config_error. */
export async function readServerEntry(
  configPath: string,
  { server, redact }: { readonly server: string; readonly redact: Redactor },
): Promise<ConfigEntry> {
  const { text = "" } = await readConfigFile(configPath);
  const entry = entryText(text, server);
  if (entry === undefined)
    throw new AppError("server_not_found", `No server is called "${server}" in ${configPath}, or it is no valid JSON.`);
  return { configPath, line: lineOf(text, entry), text: maskEntry(withoutIndent(entry), redact) };
}

/** The text of a server's entry; undefined when there is none. */
export function entryText(text: string, server: string): string | undefined {
  const place = placeOfServer(text, server);
  return place === undefined ? undefined : configTextAt(text, place);
}

/** As if the entry stood at the left edge. */
export function withoutIndent(entry: string): string {
  const [first = "", ...rest] = entry.split(/\r?\n/);
  const indents = rest.filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return [first, ...rest.map((line) => line.slice(Number.isFinite(indent) ? indent : 0))].join("\n");
}

function lineOf(text: string, entry: string): number {
  return text.slice(0, Math.max(0, text.indexOf(entry))).split("\n").length;
}
