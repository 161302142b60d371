"use client";

import { formatMinute, parseMinute } from "../clock/format-time.ts";
import { Menu } from "../ui/menu.tsx";
import { lastSpans, lastSpanWords, type LastSpan } from "./last-span.ts";
import type { RunFilter } from "./run-filter.ts";

export interface TimeMenuProps {
  readonly filter: Pick<RunFilter, "last" | "from" | "to">;
  readonly onChoose: (times: Pick<RunFilter, "last" | "from" | "to">) => void;
}

/** When the runs began: a span up to now, or between two times. */
export function TimeMenu({ filter, onChoose }: TimeMenuProps) {
  const { last, from, to } = filter;
  const isAny = last === undefined && from === undefined && to === undefined;
  const choose = (span: LastSpan | undefined): void => onChoose(span === undefined ? {} : { last: span });
  return (
    <Menu isActive={!isAny} label={timeWords(filter)}>
      <fieldset className="flex flex-col">
        <legend className="sr-only">Began</legend>
        <Choice label="Any time" isChosen={isAny} onChoose={() => choose(undefined)} />
        {lastSpans.map((span) => (
          <Choice key={span} label={lastSpanWords[span]} isChosen={last === span} onChoose={() => choose(span)} />
        ))}
      </fieldset>
      <div className="mt-2 flex flex-col gap-1.5 border-t border-line px-1 pt-2">
        <TimeField label="From" value={from} onSet={(value) => onChoose({ ...timesOf(value, to) })} />
        <TimeField label="To" value={to} onSet={(value) => onChoose({ ...timesOf(from, value) })} />
      </div>
    </Menu>
  );
}

/** How the chosen time reads on the button. */
function timeWords({ last, from, to }: TimeMenuProps["filter"]): string {
  if (last !== undefined) return lastSpanWords[last];
  if (from === undefined && to === undefined) return "Any time";
  const words = (at: string | undefined): string => (at === undefined ? "…" : formatMinute(Date.parse(at)));
  return `${words(from)} – ${words(to)}`.replaceAll("T", " ");
}

function timesOf(from: string | undefined, to: string | undefined): Pick<RunFilter, "from" | "to"> {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function Choice({ label, isChosen, onChoose }: { label: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <label className="flex cursor-pointer items-center gap-2 rounded px-1 py-1 hover:bg-sunken">
      <input type="radio" name="began" checked={isChosen} onChange={onChoose} />
      {label}
    </label>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onSet: (value: string | undefined) => void;
}

function TimeField({ label, value, onSet }: TimeFieldProps) {
  return (
    <label className="flex items-center justify-between gap-3 text-xs text-soft">
      {label}
      <input
        type="datetime-local"
        className="field text-ink"
        value={value === undefined ? "" : formatMinute(Date.parse(value))}
        onChange={(event) => onSet(parseMinute(event.currentTarget.value))}
      />
    </label>
  );
}
