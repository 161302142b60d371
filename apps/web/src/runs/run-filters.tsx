"use client";

import { useQuery } from "@tanstack/react-query";
import { runStates } from "@mcpproxy/core/run/run-record";
import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { runStatus, verdictStatus } from "../status/status-words.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { FilterSelect } from "./filter-select.tsx";
import { parseRunFilter, printRunFilter, type RunFilter, type RunFilterName } from "./run-filter.ts";
import { TextFilter } from "./text-filter.tsx";

export interface RunFiltersProps {
  readonly filter: RunFilter;
  readonly onChange: (filter: RunFilter) => void;
}

const verdictOptions = verdictKinds.map((kind) => ({ value: kind, label: verdictStatus({ kind }).label }));
const stateOptions = runStates.map((state) => ({ value: state, label: runStatus[state].label }));

/** What narrows the list of runs; kept in the URL. */
export function RunFilters({ filter, onChange }: RunFiltersProps) {
  const servers = useQuery(useTrpc().servers.list.queryOptions()).data ?? [];
  const names = new Set([
    ...servers.map((server) => server.name),
    ...(filter.server === undefined ? [] : [filter.server]),
  ]);
  const set = (name: RunFilterName, value: string): void => onChange(parseRunFilter({ ...filter, [name]: value }));
  return (
    <search className="flex flex-wrap items-center gap-2">
      <TextFilter text={filter.text} onType={(text) => set("text", text)} />
      <FilterSelect
        label="Server"
        value={filter.server}
        options={[...names].map((name) => ({ value: name, label: name }))}
        onSelect={(value) => set("server", value)}
      />
      <FilterSelect
        label="Verdict"
        value={filter.verdict}
        options={verdictOptions}
        onSelect={(value) => set("verdict", value)}
      />
      <FilterSelect
        label="State"
        value={filter.state}
        options={stateOptions}
        onSelect={(value) => set("state", value)}
      />
      {printRunFilter(filter) !== "" && (
        <Button icon="cross" onClick={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </search>
  );
}
