import { runStates, type RunState } from "@mcpproxy/core/run/run-record";
import { verdictKinds, type VerdictKind } from "@mcpproxy/core/verdict/verdict";

const maxTextLength = 200;

/** What the Runs page is narrowed to; it lives in the URL. */
export interface RunFilter {
  readonly server?: string;
  readonly verdict?: VerdictKind;
  readonly state?: RunState;
  readonly text?: string;
}
export type RunFilterName = keyof RunFilter;

export const runFilterNames = ["server", "verdict", "state", "text"] as const satisfies readonly RunFilterName[];

/**
 * Reads a filter from anything: search parameters, or the input inside a query key. Never throws; what a person cannot
 * have meant (unknown word, empty text) counts as not set. By hand: a schema library would be a tenth of every page.
 */
export function parseRunFilter(input: unknown): RunFilter {
  if (typeof input !== "object" || input === null) return {};
  const values = new Map<string, unknown>(Object.entries(input));
  const server = textIn(values.get("server"));
  const verdict = verdictKinds.find((kind) => kind === values.get("verdict"));
  const state = runStates.find((known) => known === values.get("state"));
  const text = textIn(values.get("text"))?.trim();
  return {
    ...(server === undefined ? {} : { server }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(state === undefined ? {} : { state }),
    ...(text === undefined || text === "" ? {} : { text }),
  };
}

function textIn(value: unknown): string | undefined {
  const isText = typeof value === "string" && value !== "" && value.length <= maxTextLength;
  return isText ? value : undefined;
}

/** The query string of a filter, with "?" when there is anything to say. */
export function printRunFilter(filter: RunFilter): string {
  const parameters = new URLSearchParams();
  for (const name of runFilterNames) {
    const value = filter[name];
    if (value !== undefined) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
