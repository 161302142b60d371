import { isDeepStrictEqual } from "node:util";
import {
  configTextAt,
  configValueAt,
  editConfig,
  type ConfigEdit,
  type ConfigPath,
} from "@mcpproxy/config-schema/edit-config";
import { AppError } from "../app-error.ts";
import { sha256, type ConnectionChange, type ConnectionStep } from "./connection-record.ts";
import { refuseBrokenText } from "./read-client-file.ts";

/** A step with the file from before it; undefined where the backup is gone. */
export interface UndoStep {
  readonly step: ConnectionStep;
  readonly backupText: string | undefined;
}

/** What undoing does with one entry. */
export type UndoItem =
  | { readonly kind: "removed" | "restored"; readonly path: ConfigPath }
  /** left: somebody else changed it since; impossible: what it was before is lost. */
  | { readonly kind: "left" | "impossible"; readonly path: ConfigPath; readonly reason: string };

export interface UndoPlan {
  readonly items: readonly UndoItem[];
  /** The file afterwards; undefined when there was none before. */
  readonly text: string | undefined;
}

/**
 * Takes back what `mcpproxy connect` wrote, the newest step first. A file that nobody has touched since becomes what
 * it was, byte for byte; in any other only our own entries are taken back, and what others changed stays.
 */
export function planUndo(text: string, steps: readonly UndoStep[]): UndoPlan {
  let plan: UndoPlan = { items: [], text };
  for (const step of steps.toReversed()) {
    if (plan.text === undefined) break;
    const undone = undoStep(plan.text, step);
    plan = { items: mergeItems(plan.items, undone.items), text: undone.text };
  }
  return plan;
}

/** One item for each entry: the older step has the last word, unless a newer one could not be taken back. */
function mergeItems(newer: readonly UndoItem[], older: readonly UndoItem[]): readonly UndoItem[] {
  const failed = newer.filter((item) => "reason" in item);
  const merged = new Map([...newer, ...older, ...failed].map((item) => [JSON.stringify(item.path), item]));
  return [...merged.values()];
}

function undoStep(text: string, { step, backupText }: UndoStep): UndoPlan {
  // The write itself never came to be.
  if (text === backupText) return { items: [], text };
  const hadNoFile = step.backup === null;
  if (sha256(text) === step.writtenSha256 && (hadNoFile || backupText !== undefined)) {
    const items = step.changes.map(({ path, kind }): UndoItem => ({
      kind: kind === "added" ? "removed" : "restored",
      path,
    }));
    return { items, text: backupText };
  }
  refuseBrokenText(text, step.file);
  const undone = step.changes.map((change) => undoChange(text, { change, step, backupText }));
  const edited = applyOrThrow(text, { step, edits: undone.flatMap(({ edit }) => edit ?? []) });
  return { items: undone.map(({ item }) => item), text: withoutEmptyContainers(edited, { step, backupText }) };
}

function undoChange(
  text: string,
  { change, step, backupText }: UndoStep & { change: ConnectionChange },
): { readonly item: UndoItem; readonly edit?: ConfigEdit } {
  const { path } = change;
  const current = configValueAt(text, path);
  if (current === undefined) {
    return { item: { kind: "left", path, reason: "It was removed since, and stays so." } };
  }
  if (!isDeepStrictEqual(current, change.written)) {
    return { item: { kind: "left", path, reason: "It was changed since, and stays as it is." } };
  }
  if (change.kind === "added") return { item: { kind: "removed", path }, edit: { kind: "remove", path } };
  const valueText = backupText === undefined ? undefined : configTextAt(backupText, path);
  if (valueText === undefined) {
    const reason = `What it was before is not known: ${step.backup ?? "the backup"} is gone or was changed.`;
    return { item: { kind: "impossible", path, reason } };
  }
  return { item: { kind: "restored", path }, edit: { kind: "set-text", path, valueText } };
}

/** Maps that were made for our entries go with them. */
function withoutEmptyContainers(text: string, { step, backupText }: UndoStep): string {
  const containers = new Set(step.changes.map(({ path }) => path[0]).filter((key) => key !== undefined));
  const edits = [...containers]
    .filter((key) => isDeepStrictEqual(configValueAt(text, [key]), {}))
    .filter(
      (key) => step.backup === null || (backupText !== undefined && configValueAt(backupText, [key]) === undefined),
    )
    .map((key): ConfigEdit => ({ kind: "remove", path: [key] }));
  return applyOrThrow(text, { step, edits });
}

function applyOrThrow(text: string, { step, edits }: { step: ConnectionStep; edits: readonly ConfigEdit[] }): string {
  const edited = editConfig(text, edits);
  if (edited.ok) return edited.value;
  throw new AppError("config_error", `${step.file} cannot be changed: ${edited.problem} ${edited.remedy}`);
}
