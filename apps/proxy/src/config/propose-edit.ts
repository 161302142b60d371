import { parseConfig, type ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import type { Redactor } from "@mcpproxy/core/redaction/redact";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import { AppError } from "../app-error.ts";
import { diffLines, type DiffLine } from "./diff-lines.ts";
import { maskEntry } from "./mask-entry.ts";
import { entryText, withoutIndent } from "./read-server-entry.ts";
import { editServer, type ServerEdit } from "./server-edit.ts";
import { readConfigFile } from "./write-config.ts";

/** What an edit would write and what would come of it; nothing is written. */
export type EditProposal =
  | {
      readonly kind: "valid";
      readonly configPath: string;
      /** Of the server's entry, secrets masked. */
      readonly diff: readonly DiffLine[];
      readonly plan: PlanRecord;
    }
  | { readonly kind: "invalid"; readonly message: string };

export interface ProposalContext {
  readonly configPath: string;
  redact: Redactor;
  /** The plan of a server under another config. */
  plan(config: ParsedConfig, server: string): PlanRecord | undefined;
}

/** Makes an edit in memory. Throws AppError server_not_found. */
export async function proposeEdit(edit: ServerEdit, context: ProposalContext): Promise<EditProposal> {
  const { configPath } = context;
  const { text = "" } = await readConfigFile(configPath);
  const edited = editedText(text, { edit, configPath });
  if (!edited.ok) return { kind: "invalid", message: edited.message };
  const plan = context.plan(parseConfig(edited.text, configPath), edit.server);
  if (plan === undefined) return { kind: "invalid", message: "The changed file has no such server." };
  const shown = (source: string): string => {
    const entry = entryText(source, edit.server);
    return entry === undefined ? "" : maskEntry(withoutIndent(entry), context.redact);
  };
  return { kind: "valid", configPath, diff: diffLines(shown(text), shown(edited.text)), plan };
}

function editedText(
  text: string,
  { edit, configPath }: { readonly edit: ServerEdit; readonly configPath: string },
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, text: editServer(text, { edit, configPath }) };
  } catch (error) {
    if (error instanceof AppError && error.code === "config_error")
      return { ok: false, message: error.message.replace("The file was not changed: ", "") };
    throw error;
  }
}
