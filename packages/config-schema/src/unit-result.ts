/** What reading a value with a unit gives: the value, or what is wrong with it and an example of what to write. */
export type UnitResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

export function accepted<Value>(value: Value): UnitResult<Value> {
  return { ok: true, value };
}

export function rejected(problem: string, remedy: string): UnitResult<never> {
  return { ok: false, problem, remedy };
}
