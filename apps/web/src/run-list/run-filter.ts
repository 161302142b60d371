import { runStates, type RunState } from "@mcpproxy/core/run/run-record";
import { verdictKinds, type VerdictKind } from "@mcpproxy/core/verdict/verdict";
import { isLastSpan, type LastSpan } from "./last-span.ts";

const maxTextLength = 200;
const maxValues = 100;

/** What the Runs page is narrowed to; it lives in the URL. Several values of one field are joined by "or". */
export interface RunFilter {
  readonly server?: readonly string[];
  readonly verdict?: readonly VerdictKind[];
  readonly state?: readonly RunState[];
  readonly image?: readonly string[];
  readonly exitCode?: readonly number[];
  /** The time up to now; excludes `from` and `to`. */
  readonly last?: LastSpan;
  /** RFC 3339, inclusive. */
  readonly from?: string;
  /** RFC 3339, exclusive. */
  readonly to?: string;
  readonly text?: string;
}
export type RunFilterName = keyof RunFilter;
/** Fields whose values are chosen from what the runs have. */
export type RunFacetName = "server" | "verdict" | "state" | "image" | "exitCode";

export const runFacetNames = [
  "verdict",
  "server",
  "state",
  "image",
  "exitCode",
] as const satisfies readonly RunFacetName[];

/**
 * Reads a filter from anything: search parameters, or the input inside a query key. Never throws; what a person cannot
 * have meant (unknown word, empty text) counts as not set. By hand: a schema library would be a tenth of every page.
 */
export function parseRunFilter(input: unknown): RunFilter {
  if (typeof input !== "object" || input === null) return {};
  const values = new Map<string, unknown>(Object.entries(input));
  const last = values.get("last");
  const text = textIn(values.get("text"))?.trim();
  const times = isLastSpan(last) ? { last } : { ...timeOf("from", values), ...timeOf("to", values) };
  return {
    ...chosen("server", textsIn(values.get("server"))),
    ...chosen("verdict", knownIn(values.get("verdict"), verdictKinds)),
    ...chosen("state", knownIn(values.get("state"), runStates)),
    ...chosen("image", textsIn(values.get("image"))),
    ...chosen("exitCode", numbersIn(values.get("exitCode"))),
    ...times,
    ...(text === undefined || text === "" ? {} : { text }),
  };
}

/** The search parameters of a filter; the same for the same filter. */
export function runFilterParameters(filter: RunFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of runFacetNames) for (const value of filter[name] ?? []) parameters.append(name, String(value));
  for (const name of ["last", "from", "to", "text"] as const) {
    const value = filter[name];
    if (value !== undefined) parameters.set(name, value);
  }
  return parameters;
}

/** The query string of a filter, with "?" when there is anything to say. */
export function printRunFilter(filter: RunFilter): string {
  const text = runFilterParameters(filter).toString();
  return text === "" ? "" : `?${text}`;
}

/** The search parameters of a URL as an object, repeated ones as lists. */
export function parametersAsObject(parameters: URLSearchParams): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

function chosen<Name extends string, Value>(
  name: Name,
  values: readonly Value[],
): Partial<Record<Name, readonly Value[]>> {
  const record: Partial<Record<Name, readonly Value[]>> = {};
  if (values.length > 0) record[name] = values;
  return record;
}

function timeOf<Name extends "from" | "to">(name: Name, values: ReadonlyMap<string, unknown>) {
  const text = textIn(values.get(name));
  const record: Partial<Record<Name, string>> = {};
  if (text !== undefined && !Number.isNaN(Date.parse(text))) record[name] = new Date(text).toISOString();
  return record;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, maxValues) : [value];
}

function textsIn(value: unknown): readonly string[] {
  return [...new Set(listOf(value).flatMap((each) => textIn(each) ?? []))];
}

function knownIn<Known extends string>(value: unknown, known: readonly Known[]): readonly Known[] {
  const texts = textsIn(value);
  return known.filter((each) => texts.includes(each));
}

function numbersIn(value: unknown): readonly number[] {
  const numbers = listOf(value).flatMap((each) =>
    typeof each === "number" ? [each] : /^-?\d{1,10}$/.test(textIn(each) ?? "") ? [Number(each)] : [],
  );
  return [...new Set(numbers)];
}

function textIn(value: unknown): string | undefined {
  const isText = typeof value === "string" && value !== "" && value.length <= maxTextLength;
  return isText ? value : undefined;
}
