export const rowPx = 20;

export interface RowWindowInput {
  readonly count: number;
  /** How much higher than a line the rows at these places are, in order. */
  readonly extras: readonly { readonly index: number; readonly px: number }[];
  readonly scrollTopPx: number;
  readonly viewportPx: number;
}

export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  readonly beforePx: number;
  readonly totalPx: number;
}

const overscanRows = 8;

/** Which rows are in view, and how far down the first of them begins. */
export function rowWindow({ count, extras, scrollTopPx, viewportPx }: RowWindowInput): RowWindow {
  const startOf = (index: number): number =>
    index * rowPx + extras.reduce((sum, extra) => (extra.index < index ? sum + extra.px : sum), 0);
  const indexAt = (px: number): number => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(middle) <= px) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const first = Math.max(0, indexAt(scrollTopPx) - overscanRows);
  const end = Math.min(count, indexAt(scrollTopPx + viewportPx) + overscanRows + 1);
  return { first, end, beforePx: startOf(first), totalPx: startOf(count) };
}
