import type { ReactNode } from "react";

/** One cell of a data table; on narrow screens, where the row is a card, its column's name stands beside it. */
export function DataCell({
  column,
  children,
  className = "",
}: {
  column: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <td role="cell" className={className}>
      <span className="cell-label" aria-hidden>
        {column}
      </span>
      <div className="min-w-0">{children}</div>
    </td>
  );
}
