import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { Ref } from "react";
import { DataCell } from "../ui/data-cell.tsx";
import type { RunColumn } from "./run-columns.tsx";

export interface RunRowProps {
  readonly run: RunRecord;
  readonly columns: readonly RunColumn[];
  /** Of a long table of which only a part is in the page: the row's number in the whole, the header being 1. */
  readonly rowNumber?: number;
  /** Its place among the loaded rows, for who measures it. */
  readonly index?: number;
  readonly ref?: Ref<HTMLTableRowElement>;
}

/** One run of the table; the link in the first cell opens it. */
export function RunRow({ run, columns, rowNumber, index, ref }: RunRowProps) {
  return (
    <tr ref={ref} role="row" aria-rowindex={rowNumber} data-index={index} className="data-row">
      {columns.map((column, place) => (
        <DataCell key={column.id} column={place === 0 ? "" : column.label} className={column.className ?? ""}>
          {column.cell(run)}
        </DataCell>
      ))}
    </tr>
  );
}
