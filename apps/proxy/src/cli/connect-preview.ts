import type { ConfigPath } from "@mcpproxy/config-schema/edit-config";
import type { ConnectItem } from "../clients/plan-connect.ts";
import type { UndoItem } from "../clients/undo-connect.ts";
import { escapeLine } from "../logs/escape-line.ts";
import { formatTable } from "./table.ts";

const actions: Readonly<Record<ConnectItem["kind"], string>> = {
  added: "added",
  updated: "brought up to date",
  replaced: "replaces the client's own entry",
  same: "already connected",
  skipped: "skipped",
};

const undoActions: Readonly<Record<UndoItem["kind"], string>> = {
  removed: "removed",
  restored: "restored as it was",
  left: "left as it is",
  impossible: "cannot be restored",
};

/** What connecting would do, as a table and notes below it. */
export function formatConnect(items: readonly ConnectItem[]): string {
  if (items.length === 0) return "No servers are configured.";
  const rows = items.map((item) => [
    escapeLine(item.server),
    escapeLine("path" in item ? placeName(item.path) : "-"),
    actions[item.kind],
    escapeLine("value" in item ? wayTo(item.value) : ""),
  ]);
  const notes = items.flatMap((item) =>
    item.kind === "skipped" ? [escapeLine(`  ${item.server}: ${item.reason}`)] : [],
  );
  return [formatTable(["SERVER", "ENTRY", "WHAT HAPPENS", "THROUGH"], rows), ...notes].join("\n");
}

/** What undoing would do. */
export function formatUndo(items: readonly UndoItem[]): string {
  const rows = items.map((item) => [escapeLine(placeName(item.path)), undoActions[item.kind]]);
  const notes = items.flatMap((item) =>
    "reason" in item ? [escapeLine(`  ${placeName(item.path)}: ${item.reason}`)] : [],
  );
  return [formatTable(["ENTRY", "WHAT HAPPENS"], rows), ...notes].join("\n");
}

/** The name, with the folder where it holds for one project only. */
function placeName(path: ConfigPath): string {
  const name = String(path.at(-1));
  return path[0] === "projects" ? `${name} (${String(path[1])})` : name;
}

function wayTo(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { url, serverUrl } = Object.fromEntries(Object.entries(value));
  const address: unknown = url ?? serverUrl;
  return typeof address === "string" ? address : "mcpproxy stdio";
}
