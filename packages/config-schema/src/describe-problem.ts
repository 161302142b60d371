import type { Node } from "jsonc-parser";
import type * as z from "zod";
import type { IssueText } from "./config-source.ts";
import { nearestKey } from "./nearest-key.ts";

type ZodIssue = z.core.$ZodIssue;

/** Default wording for what zod finds; it names types and choices, and never the value. */
export const defaultWording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is missing."
        : `must be ${article(issue.expected)}, not ${typeName(issue.input)}.`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}.`;
    case "invalid_union":
      return `must be text or a number, not ${typeName(issue.input)}.`;
    case "invalid_key":
      return "is not a valid key.";
    default:
      return "is not valid.";
  }
};

/** The words for one finding of zod; `key` is the last part of its path. */
export function describeProblem(issue: ZodIssue, key: string): IssueText {
  const problem = innermost(issue);
  const message = problem.message === "is missing." ? `${key} is missing.` : `${key}: ${problem.message}`;
  const remedy = problem.code === "custom" ? problem.params?.["remedy"] : undefined;
  return { message, remedy: typeof remedy === "string" ? remedy : null };
}

/** The words for a key that nothing reads. */
export function describeUnknownKey(key: string, known: readonly string[]): IssueText {
  const nearest = nearestKey(key, known);
  return {
    message: `Unknown key ${JSON.stringify(key)}.`,
    remedy: nearest === undefined ? `Known keys are: ${known.join(", ")}.` : `Did you mean "${nearest}"?`,
  };
}

/** The type of a node, for a message that must not show the value. */
export function nodeTypeName(node: Node): string {
  return article(node.type);
}

/** What is wrong with a key of a map stands inside the issue about the key. */
function innermost(issue: ZodIssue): ZodIssue {
  return issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return article(Array.isArray(value) ? "array" : typeof value);
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: "text in quotes",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
    null: "null",
  };
  return names[type] ?? `a ${type}`;
}
