"use client";

import type { RunFacets } from "../trpc/router-types.ts";
import { Button } from "../ui/button.tsx";
import { facetChoices, facetLabels } from "./facet-choices.ts";
import { FacetMenu } from "./facet-menu.tsx";
import { parseRunFilter, printRunFilter, runFacetNames, type RunFilter } from "./run-filter.ts";
import { TextFilter } from "./text-filter.tsx";
import { TimeMenu } from "./time-menu.tsx";

export interface RunFiltersProps {
  readonly filter: RunFilter;
  readonly facets: RunFacets | undefined;
  readonly onChange: (filter: RunFilter) => void;
}

/** What narrows the list of runs; kept in the URL. */
export function RunFilters({ filter, facets, onChange }: RunFiltersProps) {
  const { last: _last, from: _from, to: _to, ...untimed } = filter;
  return (
    <search className="flex flex-wrap items-center gap-2">
      <TextFilter text={filter.text} onType={(text) => onChange(parseRunFilter({ ...filter, text }))} />
      <TimeMenu filter={filter} onChoose={(times) => onChange({ ...untimed, ...times })} />
      {runFacetNames.map((name) => {
        const chosen = (filter[name] ?? []).map(String);
        return (
          <FacetMenu
            key={name}
            label={facetLabels[name]}
            choices={facetChoices(name, { facets, chosen })}
            chosen={chosen}
            onChoose={(values) => onChange(parseRunFilter({ ...filter, [name]: values }))}
          />
        );
      })}
      {printRunFilter(filter) !== "" && (
        <Button icon="cross" onClick={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </search>
  );
}
