import type { Node } from "jsonc-parser";

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** How the file is laid out, so that what is added looks like the rest. */
export interface Layout {
  readonly newline: string;
  readonly indentUnit: string;
  /** False for a file that stands on one line. */
  readonly isMultiLine: boolean;
  /** What stands between a colon or comma and the next value on one line. */
  readonly space: string;
  /** What stands inside the braces of an object on one line. */
  readonly padding: string;
}

/** A list of plain values stays on one line up to this length. */
const maximumInlineLength = 100;

export function layoutOf(text: string, root: Node): Layout {
  const body = text.slice(root.offset, root.offset + root.length);
  return {
    newline: /\r\n|\n|\r/.exec(text)?.[0] ?? "\n",
    indentUnit: indentUnitOf(text, root),
    isMultiLine: /[\r\n]/.test(body) || (root.children ?? []).length === 0,
    space: /[,:] /.test(body) || !/[,:]/.test(body) ? " " : "",
    padding: /\{ (?!\})/.test(body) || !/\{[^\s}]/.test(body) ? " " : "",
  };
}

/** The white space at the start of the line on which an offset lies. */
export function indentAt(text: string, offset: number): string {
  const lineStart = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? "";
}

/** True when nothing but white space stands before an offset on its line. */
export function beginsItsLine(text: string, offset: number): boolean {
  return /(?:^|[\r\n])[ \t]*$/.test(text.slice(0, offset));
}

/** A value over several lines; the first line follows whatever stands before it, the others begin with the indent. */
export function printBlock(value: JsonValue, layout: Layout, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}${layout.indentUnit}`;
  const items = isList(value)
    ? value.map((item) => printBlock(item, layout, inner))
    : definedEntries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printBlock(item, layout, inner)}`);
  const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return `${open}${close}`;
  const inline = `[${items.join(", ")}]`;
  const isPlainList = isList(value) && value.every((item) => typeof item !== "object" || item === null);
  if (isPlainList && inline.length <= maximumInlineLength) return inline;
  const lines = items.map((item) => `${inner}${item}`).join(`,${layout.newline}`);
  return `${open}${layout.newline}${lines}${layout.newline}${indent}${close}`;
}

/** A value on one line. */
export function printInline(value: JsonValue, layout: Layout): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const separator = `,${layout.space}`;
  if (isList(value)) return `[${value.map((item) => printInline(item, layout)).join(separator)}]`;
  const items = definedEntries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${layout.space}${printInline(item, layout)}`,
  );
  return items.length === 0 ? "{}" : `{${layout.padding}${items.join(separator)}${layout.padding}}`;
}

function indentUnitOf(text: string, root: Node): string {
  const first = root.children?.[0];
  if (first !== undefined && beginsItsLine(text, first.offset)) {
    const unit = indentAt(text, first.offset).slice(indentAt(text, root.offset).length);
    if (unit !== "") return unit;
  }
  return /(?:^|[\r\n])(\t| {2,8})\S/.exec(text)?.[1] ?? "  ";
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function definedEntries(value: { readonly [key: string]: JsonValue | undefined }): readonly [string, JsonValue][] {
  return Object.entries(value).flatMap(([key, item]): [string, JsonValue][] =>
    item === undefined ? [] : [[key, item]],
  );
}
