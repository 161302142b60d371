import { applyEdits, findNodeAtLocation, getNodeValue, type Edit, type Node } from "jsonc-parser";
import { createConfigSource, printPath } from "./config-source.ts";
import { appendItem, insertBefore, type NewItem } from "./edit-config-append.ts";
import { beginsItsLine, indentAt, layoutOf, printBlock, printInline, type JsonValue } from "./edit-config-layout.ts";
import { removeItem } from "./edit-config-remove.ts";
import { readTree } from "./syntax-issues.ts";
import { accepted, rejected, type UnitResult } from "./unit-result.ts";

export type { JsonValue } from "./edit-config-layout.ts";

/** Keys of objects and indexes of lists, from the root. */
export type ConfigPath = readonly (string | number)[];

export type ConfigEdit =
  /** Replaces a value, or adds it at the end of its object; objects that are missing on the way are made. */
  | { readonly kind: "set"; readonly path: ConfigPath; readonly value: JsonValue }
  /** The same with the text of a JSON value, which arrives byte for byte. */
  | { readonly kind: "set-text"; readonly path: ConfigPath; readonly valueText: string }
  /** Adds an item to a list, at its end unless an index says where; a missing list is made. */
  | { readonly kind: "insert"; readonly path: ConfigPath; readonly value: JsonValue; readonly index?: number }
  | { readonly kind: "remove"; readonly path: ConfigPath };

/**
 * Changes values in the text of a config file (JSON with comments and trailing commas), one edit after the other.
 * Comments, order, indentation and line ends stay; only a value that is replaced or removed takes what it holds along.
 * Not ok when the text is no JSON or a path leads through something else; the empty text counts as `{}`.
 */
export function editConfig(text: string, edits: readonly ConfigEdit[]): UnitResult<string> {
  let edited = text.trim() === "" ? "{}\n" : text;
  for (const edit of edits) {
    const result = applyEdit(edited, edit);
    if (!result.ok) return result;
    edited = result.value;
  }
  return accepted(edited);
}

/** The value at a path; undefined when there is none or the text is no JSON. */
export function configValueAt(text: string, path: ConfigPath): unknown {
  const node = nodeAt(text, path);
  // The parser's objects have no prototype, so nothing else would equal them.
  return node === undefined ? undefined : JSON.parse(JSON.stringify(getNodeValue(node)));
}

/** The text of the value at a path, for "set-text"; undefined when there is none or the text is no JSON. */
export function configTextAt(text: string, path: ConfigPath): string | undefined {
  const node = nodeAt(text, path);
  return node === undefined ? undefined : text.slice(node.offset, node.offset + node.length);
}

function nodeAt(text: string, path: ConfigPath): Node | undefined {
  const { root, issues } = readTree(createConfigSource(text, ""));
  return root === undefined || issues.length > 0 ? undefined : findNodeAtLocation(root, [...path]);
}

function applyEdit(text: string, edit: ConfigEdit): UnitResult<string> {
  const source = createConfigSource(text, "");
  const { root, issues } = readTree(source);
  const [issue] = issues;
  if (root === undefined || issue !== undefined) return syntaxProblem(issue);
  const walked = walk(root, edit.path);
  if (!walked.ok) return walked;
  const edits = editsFor({ text: source.text, root, ...walked.value }, edit);
  return edits.ok ? accepted(applyEdits(text, [...edits.value])) : edits;
}

interface Place {
  readonly text: string;
  readonly root: Node;
  /** The deepest node on the path that is there. */
  readonly node: Node;
  /** What of the path is not there. */
  readonly missing: ConfigPath;
}

function editsFor(place: Place, edit: ConfigEdit): UnitResult<readonly Edit[]> {
  switch (edit.kind) {
    case "set":
      return setValue(place, { path: edit.path, value: edit.value });
    case "set-text":
      return setValue(place, { path: edit.path, value: null, valueText: edit.valueText });
    case "insert":
      return insertItem(place, edit);
    case "remove":
      return removeValue(place, edit.path);
    default:
      return edit satisfies never;
  }
}

/** Follows a path as far as it goes. */
function walk(root: Node, path: ConfigPath): UnitResult<Pick<Place, "node" | "missing">> {
  let node = root;
  for (const [depth, part] of path.entries()) {
    const expected = typeof part === "string" ? "object" : "array";
    const here = path.slice(0, depth);
    if (node.type !== expected) return wrongType(here, expected);
    if (typeof part === "string" && countKey(node, part) > 1) {
      return rejected(`"${part}" is given twice in ${placeName(here)}.`, "Remove one of them, then try again.");
    }
    const next = findNodeAtLocation(node, [part]);
    if (next === undefined) return accepted({ node, missing: path.slice(depth) });
    node = next;
  }
  return accepted({ node, missing: [] });
}

function setValue(
  place: Place,
  { path, ...target }: { path: ConfigPath; value: JsonValue; valueText?: string },
): UnitResult<readonly Edit[]> {
  const { text, root, node, missing } = place;
  const layout = layoutOf(text, root);
  const [first, ...deeper] = missing;
  if (first === undefined) {
    const content = target.valueText ?? printLike(place, target.value);
    return accepted([{ offset: node.offset, length: node.length, content }]);
  }
  if (missing.some((part) => typeof part === "number")) return noSuchItem(path);
  const item: NewItem = { key: String(first), ...wrap(deeper, target) };
  return accepted(appendItem({ text, layout, container: node }, item));
}

/** Prints a value in the style of the one it replaces. */
function printLike({ text, root, node }: Place, value: JsonValue): string {
  const layout = layoutOf(text, root);
  const holder = node.parent?.type === "property" ? node.parent : node;
  const isBlock = layout.isMultiLine && (node === root || beginsItsLine(text, holder.offset));
  return isBlock ? printBlock(value, layout, indentAt(text, holder.offset)) : printInline(value, layout);
}

/** Puts a value into the objects that lead to it; a text keeps its bytes only where no object is missing. */
function wrap(
  path: ConfigPath,
  target: { readonly value: JsonValue; readonly valueText?: string },
): { value: JsonValue; valueText?: string } {
  if (path.length === 0) return target;
  const value = target.valueText === undefined ? target.value : parseValue(target.valueText);
  return { value: path.reduceRight<JsonValue>((inner, part) => ({ [String(part)]: inner }), value) };
}

function parseValue(valueText: string): JsonValue {
  const { root } = readTree(createConfigSource(valueText, ""));
  return root === undefined ? null : jsonValueOf(root);
}

function jsonValueOf(node: Node): JsonValue {
  return getNodeValue(node);
}

function insertItem(place: Place, edit: Extract<ConfigEdit, { kind: "insert" }>): UnitResult<readonly Edit[]> {
  if (place.missing.length > 0) return setValue(place, { path: edit.path, value: [edit.value] });
  if (place.node.type !== "array") return wrongType(edit.path, "array");
  const target = { text: place.text, layout: layoutOf(place.text, place.root), container: place.node };
  const count = place.node.children?.length ?? 0;
  const index = edit.index ?? count;
  if (index === count) return accepted(appendItem(target, { value: edit.value }));
  const next = place.node.children?.[index];
  if (next === undefined) return noSuchItem([...edit.path, index]);
  return accepted(insertBefore(target, { next, item: { value: edit.value } }));
}

function removeValue({ text, node, missing }: Place, path: ConfigPath): UnitResult<readonly Edit[]> {
  const item = node.parent?.type === "property" ? node.parent : node;
  if (missing.length > 0 || item.parent === undefined) return noSuchItem(path);
  return accepted(removeItem(text, item.parent, item));
}

function countKey(node: Node, key: string): number {
  return (node.children ?? []).filter((property) => property.children?.[0]?.value === key).length;
}

function wrongType(path: ConfigPath, expected: "object" | "array") {
  const wanted = expected === "object" ? "an object" : "a list";
  return rejected(`${placeName(path)} is not ${wanted}.`, `Make it ${wanted} in the file, then try again.`);
}

function noSuchItem(path: ConfigPath) {
  return rejected(`${placeName(path)} is not in the file.`, "Look whether it was renamed or removed.");
}

function placeName(path: ConfigPath): string {
  return path.length === 0 ? "the file" : printPath(path);
}

function syntaxProblem(issue: { line: number; column: number; message: string; remedy: string | null } | undefined) {
  if (issue === undefined) return rejected("The file holds no JSON value.", "Write at least {}.");
  return rejected(`Line ${issue.line}, column ${issue.column}: ${issue.message}`, issue.remedy ?? "Correct it first.");
}
