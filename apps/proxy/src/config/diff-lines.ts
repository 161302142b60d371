/** One line of a comparison of two texts. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** How two short texts differ, line by line: the least of changes, what is removed before what is added. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  const common = commonLengths(left, right);
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < left.length || column < right.length) {
    const [old, fresh] = [left[row], right[column]];
    if (old !== undefined && old === fresh) {
      lines.push({ kind: "same", text: old });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (fresh === undefined || at(common, row + 1, column) >= at(common, row, column + 1))
    ) {
      lines.push({ kind: "removed", text: old });
      row += 1;
    } else {
      lines.push({ kind: "added", text: fresh ?? "" });
      column += 1;
    }
  }
  return lines;
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(/\r?\n/);
}

type Table = readonly (readonly number[])[];

function at(table: Table, row: number, column: number): number {
  return table[row]?.[column] ?? 0;
}

/** For each pair of places, how many lines the rests have in common. */
function commonLengths(left: readonly string[], right: readonly string[]): Table {
  const table = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const cells = table[row];
      if (cells === undefined) continue;
      cells[column] =
        left[row] === right[column]
          ? at(table, row + 1, column + 1) + 1
          : Math.max(at(table, row + 1, column), at(table, row, column + 1));
    }
  }
  return table;
}
