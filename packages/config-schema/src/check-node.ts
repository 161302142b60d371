import { findNodeAtLocation, getNodeValue, type Node } from "jsonc-parser";
import type * as z from "zod";
import type { ConfigIssue } from "./config-issue.ts";
import { issueAtNode, type ConfigSource } from "./config-source.ts";
import { defaultWording, describeProblem, describeUnknownKey } from "./describe-problem.ts";

export interface Checked<Value> {
  readonly value: Value | undefined;
  readonly issues: readonly ConfigIssue[];
}

export interface NodeCheck<Schema extends z.ZodType> {
  readonly source: ConfigSource;
  readonly node: Node;
  readonly schema: Schema;
  readonly server: string | null;
  /** Values that do not stand in the node itself, for example the name of a server in the map form. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** The known keys of strict objects by their key, for the nearest one. */
  readonly knownKeys: (objectKey: string) => readonly string[];
}

/** Parses the value of a node with a schema and gives every finding its place in the file. */
export function checkNode<Schema extends z.ZodType>(check: NodeCheck<Schema>): Checked<z.output<Schema>> {
  const result = check.schema.safeParse({ ...toRecord(check.node), ...check.extra }, { error: defaultWording });
  if (result.success) return { value: result.data, issues: [] };
  return { value: undefined, issues: result.error.issues.flatMap((issue) => toIssues(check, issue)) };
}

function toRecord(node: Node): Record<string, unknown> {
  const value: unknown = getNodeValue(node);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function toIssues(check: NodeCheck<z.ZodType>, issue: z.core.$ZodIssue): readonly ConfigIssue[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? part.toString() : part));
  const key = path.findLast((part) => typeof part === "string") ?? "entry";
  const at = (parts: readonly (string | number)[]) => ({ node: nodeNear(check.node, parts), server: check.server });
  if (issue.code !== "unrecognized_keys") return [issueAtNode(check.source, at(path), describeProblem(issue, key))];
  return issue.keys.map((unknown) => {
    const place = { node: keyNodeNear(check.node, [...path, unknown]), server: check.server };
    return issueAtNode(check.source, place, describeUnknownKey(unknown, check.knownKeys(key)));
  });
}

/** The node at a path; for something that is missing, the nearest object around it. */
function nodeNear(root: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

function keyNodeNear(root: Node, path: readonly (string | number)[]): Node {
  const value = nodeNear(root, path);
  return value.parent?.type === "property" ? (value.parent.children?.[0] ?? value) : value;
}
