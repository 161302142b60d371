import type { RunRecord } from "@mcpproxy/core/run/run-record";
import type { ReactNode } from "react";
import { Timestamp } from "../clock/timestamp.tsx";
import { exitWords } from "../runs/exit-words.ts";
import { RunDuration } from "../runs/run-duration.tsx";
import { ImageName } from "../ui/image-name.tsx";
import { MemoryBar } from "../ui/memory-bar.tsx";
import { NoValue } from "../ui/no-value.tsx";
import { RunServerCell, RunStatusCell } from "./run-cells.tsx";

export interface RunColumn {
  readonly id: string;
  readonly label: string;
  /** Not hidden by the chooser: a row without it could not be opened. */
  readonly isFixed?: boolean;
  /** Off until a visitor turns it on. */
  readonly isOptional?: boolean;
  readonly className?: string;
  readonly cell: (run: RunRecord) => ReactNode;
}

/** Every column of a table of runs, in order: the one place that says what there is and how it looks. */
export const runColumns: readonly RunColumn[] = [
  {
    id: "status",
    label: "Status and verdict",
    isFixed: true,
    className: "lg:w-[36%]",
    cell: (run) => <RunStatusCell run={run} />,
  },
  { id: "server", label: "Server", cell: (run) => <RunServerCell run={run} /> },
  {
    id: "exit",
    label: "Exit",
    className: "lg:w-28 whitespace-nowrap tabular-nums",
    cell: (run) => exitWords(run) ?? <NoValue />,
  },
  {
    id: "memory",
    label: "Peak memory",
    className: "lg:w-40",
    cell: (run) => <MemoryBar label="Peak memory" bytes={run.peakMemoryBytes} limitBytes={run.limits.memoryBytes} />,
  },
  {
    id: "image",
    label: "Image",
    isOptional: true,
    className: "wrap-anywhere",
    cell: (run) =>
      run.image === null ? <NoValue /> : <ImageName image={run.image} builtFromHost={run.imageBuiltFromHost} />,
  },
  {
    id: "calls",
    label: "Calls",
    isOptional: true,
    className: "lg:w-16 tabular-nums",
    cell: (run) => run.callsTotal.toLocaleString("en"),
  },
  { id: "attempt", label: "Attempt", isOptional: true, className: "lg:w-16 tabular-nums", cell: (run) => run.attempt },
  { id: "trigger", label: "Trigger", isOptional: true, className: "lg:w-20", cell: (run) => run.trigger },
  { id: "duration", label: "Duration", className: "lg:w-24", cell: (run) => <RunDuration run={run} /> },
  { id: "started", label: "Started", className: "lg:w-28", cell: (run) => <Timestamp at={run.startedAt} /> },
];

/** The columns of a chosen set; those that a visitor never touched are as they come. */
export function shownColumns(changed: ReadonlySet<string>): readonly RunColumn[] {
  return runColumns.filter((column) => isShown(column, changed));
}

export function isShown({ id, isFixed, isOptional }: RunColumn, changed: ReadonlySet<string>): boolean {
  return isFixed === true || (isOptional === true) === changed.has(id);
}
