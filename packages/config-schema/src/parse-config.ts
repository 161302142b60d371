import type { Settings } from "./config.ts";
import type { ConfigIssue } from "./config-issue.ts";
import { createConfigSource, issueAtNode, type ConfigSource } from "./config-source.ts";
import { nodeTypeName } from "./describe-problem.ts";
import type { ParsedServer } from "./parsed-server.ts";
import { parseServers } from "./parse-servers.ts";
import { parseSettings } from "./parse-settings.ts";
import { readTree } from "./syntax-issues.ts";

export type { ConfigIssue } from "./config-issue.ts";
export type { ParsedServer } from "./parsed-server.ts";

export interface ParsedConfig {
  /** Undefined when the file is no JSON or a global value is wrong: then no server may run. */
  readonly settings: Settings | undefined;
  readonly servers: readonly ParsedServer[];
  /** Everything wrong outside single servers; the issues of a server are with the server. */
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/**
 * Parses the text of a config file (JSON with comments and trailing commas); `file` is only shown in messages.
 * Never throws: what is wrong comes back with line, column and remedy, and a bad server leaves the others alone.
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  const source = createConfigSource(text, file);
  const { root, issues: syntaxIssues } = readTree(source);
  if (root === undefined) return { settings: undefined, servers: [], issues: syntaxIssues, warnings: [] };
  if (root.type !== "object") {
    const issue = issueAtNode(source, { node: root, server: null }, notAnObject(root));
    return { settings: undefined, servers: [], issues: [...syntaxIssues, issue], warnings: [] };
  }
  return parseObject(source, { root, syntaxIssues });
}

/** All that is wrong in the file, in the order of its lines: what is global and what concerns one server. */
export function everyIssue(config: ParsedConfig): readonly ConfigIssue[] {
  const ofServers = config.servers.flatMap((server) => (server.ok ? [] : server.issues));
  return [...config.issues, ...ofServers].toSorted((one, other) => one.line - other.line || one.column - other.column);
}

function parseObject(
  source: ConfigSource,
  tree: {
    readonly root: NonNullable<ReturnType<typeof readTree>["root"]>;
    readonly syntaxIssues: readonly ConfigIssue[];
  },
): ParsedConfig {
  const global = parseSettings(source, tree.root);
  const servers = parseServers(source, tree.root);
  const issues = [...tree.syntaxIssues, ...global.issues, ...servers.issues];
  return {
    settings: issues.length === 0 ? global.settings : undefined,
    servers: servers.servers,
    issues,
    warnings: [...global.warnings, ...servers.warnings],
  };
}

function notAnObject(root: Parameters<typeof nodeTypeName>[0]) {
  return {
    message: `The file must hold an object, not ${nodeTypeName(root)}.`,
    remedy: 'Write { "mcpServers": [] } and put the servers in.',
  };
}
