import type { ReactNode } from "react";

/** A table with its column names. Its bodies follow as children; `label` names it for screen readers. */
export function DataTable({
  label,
  columns,
  rowCount,
  children,
}: {
  label: string;
  columns: readonly string[];
  /** Of a table of which only a part is in the page: all its rows, the header included. */
  rowCount?: number;
  children: ReactNode;
}) {
  return (
    <table role="table" aria-label={label} aria-rowcount={rowCount} className="data-table">
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={rowCount === undefined ? undefined : 1}>
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}
