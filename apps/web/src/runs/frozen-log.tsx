"use client";

import { useState } from "react";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";

/** The last lines that a run wrote to stderr, each with a link of its own. */
export function FrozenLog({ lines }: { lines: readonly string[] }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const numbered = lines.map((line, index) => ({ line, number: index + 1 }));
  const shown = wanted === "" ? numbered : numbered.filter(({ line }) => line.toLowerCase().includes(wanted));
  return (
    <Section
      title="Last stderr lines"
      aside={
        lines.length > 0 && (
          <label className="contents">
            <span className="sr-only">Text in the stderr lines</span>
            <input
              type="search"
              data-shortcut="search"
              className="field w-40 placeholder:text-soft sm:w-56"
              placeholder="Text in the lines"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </label>
        )
      }
    >
      {lines.length === 0 && <EmptyState kind="not-applicable" title="The server wrote nothing to stderr." />}
      {lines.length > 0 && shown.length === 0 && <EmptyState kind="not-applicable" title="No line matches." />}
      {shown.length > 0 && (
        // A reversed column has its last line in view at first.
        <div
          role="region"
          aria-label="Text of stderr"
          tabIndex={0}
          className="flex max-h-96 flex-col-reverse overflow-auto rounded-md bg-sunken py-2"
        >
          <ol className="font-mono text-xs leading-5">
            {shown.map(({ line, number }) => (
              <li
                key={number}
                id={`L${number}`}
                className="grid scroll-mt-8 grid-cols-[3.5rem_minmax(0,1fr)] target:bg-warning-tint"
              >
                <a href={`#L${number}`} className="pr-3 text-right text-soft tabular-nums select-none hover:text-ink">
                  {number}
                </a>
                <span className="pr-3 wrap-anywhere whitespace-pre-wrap">{line}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Section>
  );
}
