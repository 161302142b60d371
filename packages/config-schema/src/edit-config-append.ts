import type { Edit, Node } from "jsonc-parser";
import { readGap } from "./edit-config-gap.ts";
import { beginsItsLine, indentAt, printBlock, printInline, type JsonValue, type Layout } from "./edit-config-layout.ts";

/** One more property of an object (with a key) or item of a list (without). */
export interface NewItem {
  readonly key?: string;
  readonly value: JsonValue;
  /** The text of the value, where it must arrive byte for byte. */
  readonly valueText?: string;
}

interface Place {
  readonly text: string;
  readonly layout: Layout;
  /** The object or list. */
  readonly container: Node;
}

/** Adds an item at the end of an object or list, after everything that stands there, comments included. */
export function appendItem(place: Place, item: NewItem): readonly Edit[] {
  const last = place.container.children?.at(-1);
  return last === undefined ? appendFirst(place, item) : appendAfter(place, { last, item });
}

/** Adds an item to a list before one that is there. */
export function insertBefore(place: Place, { next, item }: { next: Node; item: NewItem }): readonly Edit[] {
  const { text, layout } = place;
  const ownLine = beginsItsLine(text, next.offset);
  const indent = indentAt(text, next.offset);
  const printed = ownLine ? blockItem(layout, { item, indent }) : inlineItem(layout, item);
  const separator = ownLine ? `${layout.newline}${indent}` : layout.space;
  return [{ offset: next.offset, length: 0, content: `${printed},${separator}` }];
}

function appendAfter({ text, layout, container }: Place, { last, item }: { last: Node; item: NewItem }): Edit[] {
  const lastEnd = last.offset + last.length;
  const gap = readGap(text, lastEnd, container.offset + container.length - 1);
  const needsOwnLine = beginsItsLine(text, last.offset) || gap.endsInLineComment;
  const indent = indentAt(text, last.offset);
  const printed = needsOwnLine
    ? `${layout.newline}${indent}${blockItem(layout, { item, indent })}`
    : `${layout.space}${inlineItem(layout, item)}`;
  const comma = gap.commaOffset === undefined ? [{ offset: lastEnd, length: 0, content: "," }] : [];
  // With a comma after the last item, the new last one gets one as well.
  const ending = gap.commaOffset === undefined ? "" : ",";
  return joinAtSameOffset([...comma, { offset: gap.contentEnd, length: 0, content: `${printed}${ending}` }]);
}

function appendFirst({ text, layout, container }: Place, item: NewItem): Edit[] {
  const start = container.offset + 1;
  const end = container.offset + container.length - 1;
  const gap = readGap(text, start, end);
  const rest = text.slice(gap.contentEnd, end);
  const outer = indentAt(text, container.offset);
  const indent = `${outer}${layout.indentUnit}`;
  if (!layout.isMultiLine && gap.isBlank && !/[\r\n]/.test(rest)) {
    const padding = item.key === undefined ? "" : layout.padding;
    return [{ offset: start, length: end - start, content: `${padding}${inlineItem(layout, item)}${padding}` }];
  }
  const printed = `${layout.newline}${indent}${blockItem(layout, { item, indent })}`;
  if (/[\r\n]/.test(rest)) return [{ offset: gap.contentEnd, length: 0, content: printed }];
  return [{ offset: gap.contentEnd, length: end - gap.contentEnd, content: `${printed}${layout.newline}${outer}` }];
}

function blockItem(layout: Layout, { item, indent }: { item: NewItem; indent: string }): string {
  const value = item.valueText ?? printBlock(item.value, layout, indent);
  return item.key === undefined ? value : `${JSON.stringify(item.key)}: ${value}`;
}

function inlineItem(layout: Layout, item: NewItem): string {
  const value = item.valueText ?? printInline(item.value, layout);
  return item.key === undefined ? value : `${JSON.stringify(item.key)}:${layout.space}${value}`;
}

/** Two insertions at one offset have no order among themselves. */
function joinAtSameOffset(edits: readonly Edit[]): Edit[] {
  const [first, second] = edits;
  if (first === undefined || second === undefined || first.offset !== second.offset) return [...edits];
  return [{ ...first, content: `${first.content}${second.content}` }];
}
