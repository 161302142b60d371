"use client";

import { ColumnsMenu } from "./columns-menu.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { printRunView, type RunView } from "./run-view.ts";
import { ViewsMenu } from "./views-menu.tsx";

/** What one can do with the list as a whole. */
export function RunTools({ view, onChange }: { view: RunView; onChange: (view: RunView) => void }) {
  return (
    <>
      <ViewsMenu query={printRunView(view)} />
      <ColumnsMenu changed={view.changedColumns} onChange={(changedColumns) => onChange({ ...view, changedColumns })} />
      <ExportMenu filter={view.filter} />
    </>
  );
}
