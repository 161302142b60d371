import type { Finding } from "../plan/finding.ts";
import { unmatchedPatterns, type ToolFilter } from "./tool-filter.ts";

const namesShownMax = 20;

/** Patterns of a filter that none of the server's tools has: most likely misspelt, and a deny that denies nothing. */
export function toolFilterFindings(
  filter: ToolFilter | undefined,
  tools: readonly string[] | undefined,
): readonly Finding[] {
  if (filter === undefined || tools === undefined) return [];
  return unmatchedPatterns(filter, tools).map((pattern) => ({
    code: "tool_pattern_unmatched",
    severity: "warning",
    message: `${JSON.stringify(pattern)} in tools.allow or tools.deny names no tool of this server.`,
    remedy: `Its tools: ${shown(tools)}.`,
  }));
}

function shown(tools: readonly string[]): string {
  const more = tools.length - namesShownMax;
  const names = tools.slice(0, namesShownMax).join(", ") || "none";
  return more > 0 ? `${names} and ${more} more` : names;
}
