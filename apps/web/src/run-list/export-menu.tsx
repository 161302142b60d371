"use client";

import { Menu } from "../ui/menu.tsx";
import { runFilterParameters, type RunFilter } from "./run-filter.ts";

const formats = [
  { format: "csv", label: "CSV" },
  { format: "json", label: "JSON" },
  { format: "ndjson", label: "NDJSON, one run per line" },
] as const;

/** The runs of the filter, all of them, as a file. */
export function ExportMenu({ filter }: { filter: RunFilter }) {
  return (
    <Menu label="Export" align="end">
      <ul>
        {formats.map(({ format, label }) => (
          <li key={format}>
            <a
              href={`/runs/export?${new URLSearchParams([["format", format], ...runFilterParameters(filter)])}`}
              download
              className="block rounded px-1 py-1 hover:bg-sunken"
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </Menu>
  );
}
