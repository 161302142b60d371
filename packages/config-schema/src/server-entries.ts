import { findNodeAtLocation, type Node } from "jsonc-parser";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, type ConfigSource } from "./config-source.ts";
import { nodeTypeName } from "./describe-problem.ts";
import { propertiesOf } from "./object-keys.ts";

/** One entry of `mcpServers` as it stands in the file. */
export interface ServerEntry {
  /** Its place in the file ("mcpServers[3]") when it has no name. */
  readonly name: string;
  readonly node: Node;
  /** Where its name stands. */
  readonly nameNode: Node;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Finds the entries of `mcpServers`, a list of objects with names or a map from name to object. */
export function findServerEntries(
  source: ConfigSource,
  root: Node,
): { readonly entries: readonly ServerEntry[]; readonly issues: readonly ConfigIssue[] } {
  const servers = findNodeAtLocation(root, ["mcpServers"]);
  if (servers === undefined) return { entries: [], issues: [] };
  if (servers.type === "array") return { entries: (servers.children ?? []).map(fromListItem), issues: [] };
  if (servers.type === "object") return { entries: propertiesOf(servers).flatMap(fromProperty), issues: [] };
  const text = {
    message: `mcpServers must be a list or an object, not ${nodeTypeName(servers)}.`,
    remedy: 'Write "mcpServers": [] and put the servers in.',
  };
  return { entries: [], issues: [issueAtNode(source, { node: servers, server: null }, text)] };
}

function fromListItem(node: Node, index: number): ServerEntry {
  const nameNode = findNodeAtLocation(node, ["name"]);
  const name = typeof nameNode?.value === "string" && nameNode.value !== "" ? nameNode.value : `mcpServers[${index}]`;
  return { name, node, nameNode: nameNode ?? node, extra: {} };
}

function fromProperty(property: ReturnType<typeof propertiesOf>[number]): readonly ServerEntry[] {
  if (property.valueNode === undefined) return [];
  const { key: name, keyNode: nameNode, valueNode: node } = property;
  return [{ name, node, nameNode, extra: { name } }];
}
