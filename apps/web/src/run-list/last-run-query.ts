const storageKey = "mcpproxy.runs.query";

/** The query string of the Runs page when it was last open in this tab; a run's page goes through the same list. */
export function lastRunQuery(): string {
  return sessionStorage.getItem(storageKey) ?? "";
}

export function keepLastRunQuery(query: string): void {
  sessionStorage.setItem(storageKey, query);
}

/** Nothing changes it while a run's page is open. */
export function subscribeToLastRunQuery(): () => void {
  return () => undefined;
}
