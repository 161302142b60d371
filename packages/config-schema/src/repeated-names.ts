import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, lineOf, type ConfigSource } from "./config-source.ts";
import type { ParsedServer } from "./parsed-server.ts";
import type { ServerEntry } from "./server-entries.ts";

interface ParsedEntry {
  readonly entry: ServerEntry;
  readonly parsed: ParsedServer;
}

/** Turns every group of servers with the same name into one that cannot run, because nobody can say which is meant. */
export function markRepeatedNames(source: ConfigSource, entries: readonly ParsedEntry[]): readonly ParsedServer[] {
  const groups = Map.groupBy(entries, ({ entry }) => nameKey(entry.name));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group.map(({ parsed }) => parsed);
    const issues = group.map(({ entry }) => repeatedNameIssue(source, entry, group));
    return [{ name: first.entry.name, ok: false, issues }];
  });
}

/** Names become file names, and some file systems do not tell upper from lower case. */
function nameKey(name: string): string {
  return name.toLowerCase();
}

function repeatedNameIssue(source: ConfigSource, entry: ServerEntry, group: readonly ParsedEntry[]): ConfigIssue {
  const others = group.filter((other) => other.entry !== entry).map((other) => other.entry);
  const places = others.map((other) => `"${other.name}" in line ${lineOf(source, other.nameNode)}`).join(", ");
  return issueAtNode(
    source,
    { node: entry.nameNode, server: entry.name },
    {
      message: `The server name "${entry.name}" is used more than once: also ${places}.`,
      remedy: "Give each server a name of its own; upper and lower case count as the same.",
    },
  );
}
