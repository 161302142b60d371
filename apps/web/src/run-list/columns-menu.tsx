"use client";

import { Menu } from "../ui/menu.tsx";
import { isShown, runColumns } from "./run-columns.tsx";

export interface ColumnsMenuProps {
  readonly changed: ReadonlySet<string>;
  readonly onChange: (changed: ReadonlySet<string>) => void;
}

/** Which columns the table has. */
export function ColumnsMenu({ changed, onChange }: ColumnsMenuProps) {
  return (
    <Menu label="Columns" align="end">
      <fieldset>
        <legend className="sr-only">Columns</legend>
        {runColumns
          .filter(({ isFixed }) => isFixed !== true)
          .map((column) => (
            <label key={column.id} className="flex cursor-pointer items-center gap-2 rounded px-1 py-1 hover:bg-sunken">
              <input
                type="checkbox"
                checked={isShown(column, changed)}
                onChange={() => onChange(toggled(changed, column.id))}
              />
              {column.label}
            </label>
          ))}
      </fieldset>
    </Menu>
  );
}

function toggled(changed: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return changed.has(id) ? new Set([...changed].filter((each) => each !== id)) : new Set([...changed, id]);
}
