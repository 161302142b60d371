import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { FacetCount, OneOrMore, RunFacets, RunFilter } from "../store.ts";

/** What a list of all runs gives for a filter, by a plain loop; for comparing. */
export function filterRuns(runs: readonly RunRecord[], filter: RunFilter): readonly RunRecord[] {
  return newestFirst(runs.filter((run) => isLetThrough(run, filter)));
}

export function newestFirst(runs: readonly RunRecord[]): readonly RunRecord[] {
  const keyOf = (run: RunRecord): string => `${run.startedAt} ${run.id}`;
  return runs.toSorted((one, other) => (keyOf(one) < keyOf(other) ? 1 : -1));
}

/** Each field's counts are those of the filter without the field. */
export function countFacetsOf(runs: readonly RunRecord[], filter: RunFilter): RunFacets {
  const count = (
    field: keyof RunFilter,
    read: (run: RunRecord) => string | number | null | undefined,
  ): readonly FacetCount[] => {
    const sums = new Map<string, number>();
    for (const run of filterRuns(runs, { ...filter, [field]: undefined })) {
      const value = read(run) ?? "";
      if (value !== "") sums.set(String(value), (sums.get(String(value)) ?? 0) + 1);
    }
    return [...sums]
      .map(([value, amount]) => ({ value, runs: amount }))
      .toSorted((one, other) => other.runs - one.runs || one.value.localeCompare(other.value));
  };
  return {
    total: filterRuns(runs, filter).length,
    server: count("server", ({ server }) => server),
    verdict: count("verdict", ({ verdict }) => verdict?.kind),
    state: count("state", ({ state }) => state),
    image: count("image", ({ image }) => image),
    exitCode: count("exitCode", ({ exitCode }) => exitCode),
  };
}

function isLetThrough(run: RunRecord, filter: RunFilter): boolean {
  const text = filter.text ?? "";
  return (
    isWanted(filter.server, run.server) &&
    isWanted(filter.verdict, run.verdict?.kind) &&
    isWanted(filter.state, run.state) &&
    isWanted(filter.image, run.image) &&
    isWanted(filter.exitCode, run.exitCode) &&
    (filter.from === undefined || run.startedAt >= filter.from) &&
    (filter.to === undefined || run.startedAt < filter.to) &&
    [run.server, run.image ?? "", run.verdict?.summary ?? ""].some((value) => contains(value, text))
  );
}

function isWanted<Value>(wanted: OneOrMore<Value> | undefined, value: unknown): boolean {
  if (wanted === undefined) return true;
  const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return values.includes(value);
}

/** SQLite folds the case of ASCII letters only. */
function contains(value: string, text: string): boolean {
  const fold = (mixed: string): string => mixed.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return fold(value).includes(fold(text));
}
