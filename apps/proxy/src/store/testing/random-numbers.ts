/** Numbers that look random and are the same for the same seed. */
export interface RandomNumbers {
  /** A whole number from 0, below the limit. */
  below(limit: number): number;
  oneOf<Value>(values: readonly Value[]): Value;
}

export function randomNumbers(seed: number): RandomNumbers {
  let state = seed * 0x9e3779b9;
  const next = (): number => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const oneOf = <Value>(values: readonly Value[]): Value => {
    const value = values.at(below(values.length));
    if (value === undefined) throw new RangeError("There is nothing to choose from.");
    return value;
  };
  return { below, oneOf };
}
