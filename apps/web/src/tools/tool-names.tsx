"use client";

import { useState } from "react";
import type { Tool } from "../trpc/router-types.ts";
import { EmptyState } from "../ui/empty-state.tsx";

export interface ToolNamesProps {
  readonly tools: readonly Tool[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
  /** There are more than the list holds. */
  readonly isCut: boolean;
}

/** The tools by name, searched by name and description. */
export function ToolNames({ tools, chosen, onChoose, isCut }: ToolNamesProps) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = tools.filter(({ name, description }) => `${name} ${description ?? ""}`.toLowerCase().includes(wanted));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <label className="contents">
        <span className="sr-only">Name or description of a tool</span>
        <input
          type="search"
          data-shortcut="search"
          className="field w-full placeholder:text-soft"
          placeholder="Name or description"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <ul aria-label="Tools" className="flex max-h-[60vh] flex-col overflow-y-auto">
        {shown.map((tool) => (
          <li key={tool.name}>
            <button
              type="button"
              aria-pressed={tool.name === chosen}
              onClick={() => onChoose(tool.name)}
              className="w-full rounded-md px-2 py-1.5 text-left hover:bg-sunken aria-pressed:bg-sunken"
            >
              <code className="block text-[13px] wrap-anywhere">{tool.name}</code>
              <span className="block truncate text-xs text-soft">{tool.description ?? tool.title ?? ""}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <EmptyState kind="not-applicable" title="No tool matches." />}
      {isCut && <p className="text-xs text-soft">The server has more tools than are listed here.</p>}
    </div>
  );
}
