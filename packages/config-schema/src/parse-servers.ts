import type { Node } from "jsonc-parser";
import { checkNode } from "./check-node.ts";
import { remoteServerSchema, serverSchema } from "./config.ts";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, type ConfigSource } from "./config-source.ts";
import { nodeTypeName } from "./describe-problem.ts";
import type { ParsedServer } from "./parsed-server.ts";
import { markRepeatedNames } from "./repeated-names.ts";
import { repeatedKeyIssues, unknownKeyWarnings } from "./object-keys.ts";
import { namedServerObject, serverIsolationObject } from "./raw-config.ts";
import { isRemoteEntry, namedRemoteObject, remoteIsolationKeys, twoKindsIssue } from "./remote-server.ts";
import { healthCheckKeys } from "./health-check-field.ts";
import { restartKeys } from "./restart-field.ts";
import { findServerEntries, type ServerEntry } from "./server-entries.ts";
import { toolsKeys } from "./tools-field.ts";

export interface ParsedServers {
  readonly servers: readonly ParsedServer[];
  /** Problems of `mcpServers` as a whole. */
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

const knownKeys = Object.keys(namedServerObject.shape);
const knownRemoteKeys = Object.keys(namedRemoteObject.shape);
/** Keys that other clients and servers' READMEs use, so that a shared file is no riddle. */
const foreignKeys = [
  "alwaysAllow",
  "autoApprove",
  "created",
  "description",
  "disabledTools",
  "envFile",
  "headers",
  "icon",
  "protocol",
  "quarantined",
  "timeout",
  "trust",
  "updated",
];

/** Parses every server on its own: one bad entry leaves the others alone. */
export function parseServers(source: ConfigSource, root: Node): ParsedServers {
  const found = findServerEntries(source, root);
  const parsed = found.entries.map((entry) => ({ entry, parsed: parseServer(source, entry) }));
  const warnings = found.entries.flatMap(({ node, name }) =>
    unknownKeyWarnings(
      source,
      { node, server: name },
      { known: isRemoteEntry(node) ? [...knownRemoteKeys, "command"] : knownKeys, foreign: foreignKeys },
    ),
  );
  return { servers: markRepeatedNames(source, parsed), issues: found.issues, warnings };
}

function parseServer(source: ConfigSource, entry: ServerEntry): ParsedServer {
  const { name, node } = entry;
  const at = { node, server: name };
  if (node.type !== "object") {
    const text = {
      message: `The entry must be an object, not ${nodeTypeName(node)}.`,
      remedy: 'Write { "name": …, "command": … }.',
    };
    return { name, ok: false, issues: [issueAtNode(source, at, text)] };
  }
  const isRemote = isRemoteEntry(node);
  const twoKinds = isRemote ? twoKindsIssue(source, at) : undefined;
  if (twoKinds !== undefined) return { name, ok: false, issues: [twoKinds] };
  const check = { ...at, source, extra: entry.extra };
  const checked = isRemote
    ? checkNode({ ...check, schema: remoteServerSchema, knownKeys: knownRemoteKeysIn })
    : checkNode({ ...check, schema: serverSchema, knownKeys: knownKeysIn });
  const issues = [...checked.issues, ...repeatedKeyIssues(source, at)];
  return checked.value === undefined || issues.length > 0
    ? { name, ok: false, issues }
    : { name, ok: true, server: checked.value };
}

function knownKeysIn(section: string | undefined): readonly string[] {
  if (section === "restart") return restartKeys;
  if (section === "health_check") return healthCheckKeys;
  if (section === "tools") return toolsKeys;
  return Object.keys(serverIsolationObject.shape);
}

function knownRemoteKeysIn(section: string | undefined): readonly string[] {
  return section === "isolation" ? remoteIsolationKeys : knownKeysIn(section);
}
