import type { Node } from "jsonc-parser";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, lineOf, type ConfigSource } from "./config-source.ts";
import { describeUnknownKey } from "./describe-problem.ts";

export interface Property {
  readonly key: string;
  readonly keyNode: Node;
  /** Undefined where the value is missing in a broken file. */
  readonly valueNode: Node | undefined;
}

/** The properties of an object node, in the order of the file, repeated keys included. */
export function propertiesOf(node: Node): readonly Property[] {
  if (node.type !== "object") return [];
  return (node.children ?? []).flatMap((property) => {
    const keyNode = property.children?.[0];
    return keyNode === undefined ? [] : [{ key: String(keyNode.value), keyNode, valueNode: property.children?.[1] }];
  });
}

/** Warnings for keys of an object that nothing reads. */
export function unknownKeyWarnings(
  source: ConfigSource,
  at: { readonly node: Node; readonly server: string | null },
  keys: { readonly known: readonly string[]; readonly foreign: readonly string[] },
): readonly ConfigIssue[] {
  return propertiesOf(at.node)
    .filter(({ key }) => !keys.known.includes(key))
    .map(({ key, keyNode }) => {
      const text = keys.foreign.includes(key)
        ? { message: `"${key}" is a setting of another client and has no effect here.`, remedy: null }
        : describeUnknownKey(key, keys.known);
      return issueAtNode(source, { node: keyNode, server: at.server }, text);
    });
}

/** Issues for keys that stand twice in one object: JSON would silently take the last. */
export function repeatedKeyIssues(
  source: ConfigSource,
  at: { readonly node: Node; readonly server: string | null },
): readonly ConfigIssue[] {
  const properties = propertiesOf(at.node);
  const here = properties.flatMap(({ key, keyNode }, index) => {
    const first = properties.findIndex((other) => other.key === key);
    const firstNode = properties[first]?.keyNode;
    if (first === index || firstNode === undefined) return [];
    const message = `"${key}" is given twice, first in line ${lineOf(source, firstNode)}.`;
    return [issueAtNode(source, { node: keyNode, server: at.server }, { message, remedy: "Remove one of them." })];
  });
  const children =
    at.node.type === "array" ? (at.node.children ?? []) : properties.flatMap(({ valueNode }) => valueNode ?? []);
  return [...here, ...children.flatMap((node) => repeatedKeyIssues(source, { node, server: at.server }))];
}
