import { formatBytes } from "../format/bytes.ts";
import { formatDuration } from "../format/duration.ts";
import { shellQuote } from "../format/shell-quote.ts";
import type { ConfigSnapshot, SnapshotValue } from "./config-snapshot.ts";
import type { RunRecord } from "./run-record.ts";

/** One thing that was different between two runs, in words for people. */
export interface SnapshotChange {
  /** The key in the config file, `env.NAME` for a variable, `imageDigest`. */
  readonly field: string;
  readonly label: string;
  /** Null where it was not set. */
  readonly before: string | null;
  readonly after: string | null;
}

const byteFields = new Set(["memory_limit", "memory_swap", "shm_size"]);
const durationFields = new Set(["pull_timeout", "timeout", "stop_timeout"]);
const labels: Readonly<Record<string, string>> = {
  timeout: "start timeout",
  docker: "Docker engine",
  cpu_limit: "CPU limit",
  pids_limit: "process limit",
  dns: "DNS servers",
  init: "init process",
};
const variablePrefix = "env.";

/** What is different in `after`, in alphabetical order with variables last; values of variables are never in it. */
export function diffSnapshots(before: ConfigSnapshot, after: ConfigSnapshot): readonly SnapshotChange[] {
  if (before.hash === after.hash) return [];
  const fields = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])];
  const changes = fields.flatMap((field) => changeOf(field, { one: before.values[field], other: after.values[field] }));
  const visible = changes.filter((change) => !isFollower(change, changes));
  // The hash saw what the mask hides.
  return visible.length > 0 ? visible : [hiddenChange];
}

/** A run and what it was started from. */
export interface RunWithSnapshot {
  readonly run: Pick<RunRecord, "imageDigest">;
  readonly snapshot: ConfigSnapshot;
}

/** The same for two runs: also the image behind the same name may be another one. */
export function diffRuns(before: RunWithSnapshot, after: RunWithSnapshot): readonly SnapshotChange[] {
  const changes = diffSnapshots(before.snapshot, after.snapshot);
  const [one, other] = [before.run.imageDigest, after.run.imageDigest];
  if (one === null || other === null || one === other) return changes;
  return [
    ...changes,
    { field: "imageDigest", label: "image digest", before: shortDigest(one), after: shortDigest(other) },
  ];
}

/** "memory limit 256 MiB → 512 MiB" */
export function describeChange({ label, before, after }: SnapshotChange): string {
  return `${label} ${before ?? "not set"} → ${after ?? "not set"}`;
}

const hiddenChange: SnapshotChange = {
  field: "secret",
  label: "a secret in the command or the settings",
  before: "one value",
  after: "another value",
};

function changeOf(
  field: string,
  { one, other }: { readonly one: SnapshotValue | undefined; readonly other: SnapshotValue | undefined },
): readonly SnapshotChange[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (field.startsWith(variablePrefix))
    return [variableChange(field, { had: one !== undefined, has: other !== undefined })];
  const label = labels[field] ?? field.replaceAll("_", " ");
  return [{ field, label, before: inWords(field, one), after: inWords(field, other) }];
}

function variableChange(field: string, { had, has }: { readonly had: boolean; readonly has: boolean }): SnapshotChange {
  const label = `variable ${field.slice(variablePrefix.length)}`;
  return { field, label, before: had ? "one value" : null, after: has ? (had ? "another value" : "a value") : null };
}

function inWords(field: string, value: SnapshotValue | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === "number") {
    if (byteFields.has(field)) return formatBytes(value);
    return durationFields.has(field) ? formatDuration(value) : String(value);
  }
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value;
  return field === "command" ? value.map(shellQuote).join(" ") : value.join(", ");
}

/** As Docker shows it: "sha256:" and twelve digits. */
function shortDigest(digest: string): string {
  return /sha256:[0-9a-f]{12}/.exec(digest)?.[0] ?? digest;
}

/** memory_swap follows memory_limit unless somebody sets it: the same change said twice. */
function isFollower(change: SnapshotChange, changes: readonly SnapshotChange[]): boolean {
  if (change.field !== "memory_swap") return false;
  const memory = changes.find(({ field }) => field === "memory_limit");
  return memory?.before === change.before && memory.after === change.after;
}
