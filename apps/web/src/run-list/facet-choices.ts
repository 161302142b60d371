import { runStates } from "@mcpproxy/core/run/run-record";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { runStatus, verdictStatus } from "../status/status-words.ts";
import type { RunFacets } from "../trpc/router-types.ts";
import type { FacetChoice } from "./facet-menu.tsx";
import type { RunFacetName } from "./run-filter.ts";

export const facetLabels: Readonly<Record<RunFacetName, string>> = {
  verdict: "Verdict",
  server: "Server",
  state: "State",
  image: "Image",
  exitCode: "Exit code",
};

/** What can be chosen of a field: what the runs have, and what is chosen already even when no run has it now. */
export function facetChoices(
  name: RunFacetName,
  { facets, chosen }: { readonly facets: RunFacets | undefined; readonly chosen: readonly string[] },
): readonly FacetChoice[] {
  const counted = facets?.[name] ?? [];
  const missing = chosen.filter((value) => !counted.some((each) => each.value === value));
  return [
    ...counted.map(({ value, runs }) => ({ value, label: labelOf(name, value), runs })),
    ...missing.map((value) => ({ value, label: labelOf(name, value), runs: facets === undefined ? undefined : 0 })),
  ];
}

/** How a value of a field is called. */
export function labelOf(name: RunFacetName, value: string): string {
  const kind = name === "verdict" ? verdictKinds.find((known) => known === value) : undefined;
  if (kind !== undefined) return verdictStatus({ kind }).label;
  const state = name === "state" ? runStates.find((known) => known === value) : undefined;
  return state === undefined ? value : runStatus[state].label;
}
