/** Lets the wall clock of this process jump, as a person or a time server would; monotonic time goes on evenly. */
export function shiftClock(byMs: number): Disposable {
  const TrueDate = Date;
  class ShiftedDate extends TrueDate {
    constructor(...values: readonly [] | readonly [number | string]) {
      if (values.length === 0) super(TrueDate.now() + byMs);
      else super(values[0]);
    }

    static override now(): number {
      return TrueDate.now() + byMs;
    }
  }
  Object.defineProperty(globalThis, "Date", { value: ShiftedDate, configurable: true, writable: true });
  return {
    [Symbol.dispose]: () =>
      void Object.defineProperty(globalThis, "Date", { value: TrueDate, configurable: true, writable: true }),
  };
}
