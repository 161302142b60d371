/** A dash where there is nothing to tell. On narrow screens a card leaves out a line that holds only this. */
export function NoValue() {
  return <span className="no-value text-soft">–</span>;
}
