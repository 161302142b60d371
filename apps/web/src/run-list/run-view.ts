import { parametersAsObject, parseRunFilter, runFilterParameters, type RunFilter } from "./run-filter.ts";

/** What the Runs page shows: which runs, and which of their columns. All of it is in the URL. */
export interface RunView {
  readonly filter: RunFilter;
  /** Ids of columns that differ from how they come: hidden, or shown although optional. */
  readonly changedColumns: ReadonlySet<string>;
}

const columnsParameter = "columns";

export function parseRunView(parameters: URLSearchParams): RunView {
  const columns = parameters.get(columnsParameter) ?? "";
  return {
    filter: parseRunFilter(parametersAsObject(parameters)),
    changedColumns: new Set(columns.split(",").filter((id) => /^[a-z]{1,20}$/.test(id))),
  };
}

/** The query string, without "?"; the same for the same view. */
export function printRunView({ filter, changedColumns }: RunView): string {
  const parameters = runFilterParameters(filter);
  if (changedColumns.size > 0) parameters.set(columnsParameter, [...changedColumns].toSorted().join(","));
  return parameters.toString();
}
