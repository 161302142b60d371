/** Counts what is open per key, up to a bound. */
export interface Slots {
  /** Takes one; undefined when the key has none left. The answer gives it back, once. */
  take(key: string): (() => void) | undefined;
}

export function createSlots(maxPerKey: number): Slots {
  const taken = new Map<string, number>();
  const change = (key: string, difference: number): void => {
    const count = (taken.get(key) ?? 0) + difference;
    if (count === 0) taken.delete(key);
    else taken.set(key, count);
  };
  return {
    take(key) {
      if ((taken.get(key) ?? 0) >= maxPerKey) return undefined;
      change(key, 1);
      let isTaken = true;
      return () => {
        if (isTaken) change(key, -1);
        isTaken = false;
      };
    },
  };
}
