import { failureStates, type FailureState } from "@mcpproxy/core/verdict/failure-state";

/** What the inbox shows; it lives in the URL. */
export interface ReviewFilter {
  /** "all" for every state. */
  readonly state: FailureState | "all";
  readonly server?: string;
}

const stateChoices = [...failureStates, "all"] as const;

/** Reads a filter from search parameters; what a person cannot have meant counts as not set. */
export function parseReviewFilter(
  input: Readonly<Record<string, string | readonly string[] | undefined>>,
): ReviewFilter {
  const { state, server } = input;
  const known = stateChoices.find((each) => each === state) ?? "open";
  return typeof server === "string" && server !== "" && server.length <= 64
    ? { state: known, server }
    : { state: known };
}

/** The address of the page with a filter. */
export function reviewHref({ state, server }: ReviewFilter): string {
  const parameters = new URLSearchParams({
    ...(state === "open" ? {} : { state }),
    ...(server === undefined ? {} : { server }),
  });
  const query = parameters.toString();
  return query === "" ? "/review" : `/review?${query}`;
}

/** The filter as the proxy takes it. */
export function failureListInput({ state, server }: ReviewFilter) {
  return { ...(state === "all" ? {} : { state }), ...(server === undefined ? {} : { server }) };
}
