import type { Node } from "jsonc-parser";
import { checkNode } from "./check-node.ts";
import { settingsSchema, type Settings } from "./config.ts";
import type { ConfigIssue } from "./config-issue.ts";
import type { ConfigSource } from "./config-source.ts";
import { healthCheckKeys } from "./health-check-field.ts";
import { historyKeys } from "./history-field.ts";
import { limitsKeys } from "./limits-field.ts";
import { propertiesOf, repeatedKeyIssues, unknownKeyWarnings } from "./object-keys.ts";
import { dockerIsolationObject, settingsObject } from "./raw-config.ts";
import { restartKeys } from "./restart-field.ts";

const knownKeys = [...Object.keys(settingsObject.shape), "mcpServers"];

function knownKeysIn(section: string | undefined): readonly string[] {
  if (section === "restart") return restartKeys;
  if (section === "health_check") return healthCheckKeys;
  if (section === "limits") return limitsKeys;
  return section === "history" ? historyKeys : Object.keys(dockerIsolationObject.shape);
}

export interface ParsedSettings {
  readonly settings: Settings | undefined;
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/** Parses everything of the file but the servers. */
export function parseSettings(source: ConfigSource, root: Node): ParsedSettings {
  const at = { node: root, server: null };
  const checked = checkNode({
    ...at,
    source,
    schema: settingsSchema,
    knownKeys: knownKeysIn,
  });
  const issues = [...checked.issues, ...repeatedGlobalKeys(source, root)];
  return {
    settings: issues.length === 0 ? checked.value : undefined,
    issues,
    warnings: unknownKeyWarnings(source, at, { known: knownKeys, foreign: [] }),
  };
}

/** Repeated keys inside the servers are the servers' own issues. */
function repeatedGlobalKeys(source: ConfigSource, root: Node): readonly ConfigIssue[] {
  const servers = propertiesOf(root).flatMap(({ key, valueNode }) =>
    key === "mcpServers" && valueNode ? [valueNode] : [],
  );
  const isInServers = (path: string) => /^mcpServers[.[]/.test(path);
  const issues = repeatedKeyIssues(source, { node: root, server: null });
  return servers.length === 0 ? issues : issues.filter((issue) => !isInServers(issue.path));
}
