/** Which tools of a server clients may see and call: names, with `*` for any text. */
export interface ToolFilter {
  /** Undefined allows all. */
  readonly allow?: readonly string[] | undefined;
  /** Wins over `allow`. */
  readonly deny?: readonly string[] | undefined;
}

/** True when the filter lets this tool through. */
export function isToolAllowed({ allow, deny = [] }: ToolFilter, tool: string): boolean {
  const isNamed = (pattern: string): boolean => matchesPattern(pattern, tool);
  return (allow === undefined || allow.some(isNamed)) && !deny.some(isNamed);
}

/** The patterns of a filter that name none of these tools, each once. */
export function unmatchedPatterns({ allow = [], deny = [] }: ToolFilter, tools: readonly string[]): readonly string[] {
  const patterns = new Set([...allow, ...deny]);
  return [...patterns].filter((pattern) => !tools.some((tool) => matchesPattern(pattern, tool)));
}

/** Parts between stars in order: linear, whatever the pattern. */
function matchesPattern(pattern: string, tool: string): boolean {
  const parts = pattern.split("*");
  const first = parts.shift() ?? "";
  const last = parts.pop();
  if (last === undefined) return pattern === tool;
  if (!tool.startsWith(first) || !tool.endsWith(last) || tool.length < first.length + last.length) return false;
  let at = first.length;
  const end = tool.length - last.length;
  for (const part of parts) {
    const found = tool.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
