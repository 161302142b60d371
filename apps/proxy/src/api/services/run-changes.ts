import { diffRuns, type SnapshotChange } from "@mcpproxy/core/run/diff-snapshots";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { verdictKinds, type VerdictKind } from "@mcpproxy/core/verdict/verdict";
import { verdictWords } from "@mcpproxy/core/verdict/verdict-words";
import { StoreError } from "../../store/store-error.ts";
import type { RunFilter, Store } from "../../store/store.ts";

/** The run of the same server that was begun before, or the newest before it that ended well. */
export const diffTargets = ["previous", "last-good"] as const;
export type DiffTarget = (typeof diffTargets)[number];

export interface RunChanges {
  /** The run that it is compared with; null when there is none. */
  readonly against: {
    readonly id: string;
    readonly startedAt: string;
    readonly verdict: VerdictKind | null;
  } | null;
  /** False when it is not known what one of the two was started from. */
  readonly isKnown: boolean;
  readonly changes: readonly SnapshotChange[];
}

const goodVerdicts = verdictKinds.filter((kind) => ["good", "neutral"].includes(verdictWords[kind].tone));

/** What was changed between an earlier run of the server and this one. */
export async function runChanges(
  { runs }: Pick<Store, "runs">,
  { run, against }: { readonly run: RunRecord; readonly against: DiffTarget },
): Promise<RunChanges> {
  const filter = { server: run.server, ...(against === "previous" ? {} : { verdict: goodVerdicts }) };
  const earlier = await runBefore(runs, { run, filter });
  if (earlier === undefined) return { against: null, isKnown: false, changes: [] };
  const { id, startedAt } = earlier;
  const [before, after] = [await snapshotOf(runs, earlier), await snapshotOf(runs, run)];
  const isKnown = before !== undefined && after !== undefined;
  const changes = isKnown ? diffRuns({ run: earlier, snapshot: before }, { run, snapshot: after }) : [];
  return { against: { id, startedAt, verdict: earlier.verdict?.kind ?? null }, isKnown, changes };
}

async function runBefore(
  runs: Store["runs"],
  { run, filter }: { readonly run: RunRecord; readonly filter: RunFilter },
): Promise<RunRecord | undefined> {
  try {
    const { older } = await runs.neighbours(run.id, filter);
    return older === null ? undefined : await runs.find(older);
  } catch (error) {
    // A live run whose row still waits for the disk has no place in the history yet.
    if (error instanceof StoreError && error.code === "run_not_found") return undefined;
    throw error;
  }
}

async function snapshotOf(runs: Store["runs"], { configHash }: RunRecord) {
  return configHash === null ? undefined : await runs.snapshot(configHash);
}
