import type { Edit, Node } from "jsonc-parser";
import { readGap } from "./edit-config-gap.ts";

/** Removes one item of an object or list with its comma and its line; every comment around it stays. */
export function removeItem(text: string, container: Node, item: Node): readonly Edit[] {
  const children = container.children ?? [];
  const index = children.indexOf(item);
  const [before, after] = [children[index - 1], children[index + 1]];
  const start = container.offset + 1;
  const end = container.offset + container.length - 1;
  const leading = readGap(text, before === undefined ? start : endOf(before), item.offset);
  const trailing = readGap(text, endOf(item), after?.offset ?? end);
  if (children.length === 1 && leading.isBlank && trailing.isBlank) {
    return [{ offset: start, length: end - start, content: "" }];
  }
  const ownComma = trailing.commaOffset;
  const orphan = ownComma === undefined ? leading.commaOffset : undefined;
  const rest = text.slice(ownComma === undefined ? endOf(item) : ownComma + 1);
  // Without the line break after a line comment, what follows would become part of it.
  const keepsLineBreak = leading.endsInLineComment && !/^[ \t]*(?:[\r\n]|$)/.test(rest);
  const from = keepsLineBreak ? item.offset : leading.contentEnd;
  const commaEdits = [ownComma, orphan].flatMap((offset) =>
    offset === undefined ? [] : [{ offset, length: 1, content: "" }],
  );
  const edit = { offset: from, length: endOf(item) - from, content: "" };
  return [edit, ...commaEdits].filter(({ length }) => length > 0);
}

function endOf(node: Node): number {
  return node.offset + node.length;
}
