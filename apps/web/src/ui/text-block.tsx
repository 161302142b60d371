import type { ReactNode } from "react";

export interface TextBlockProps {
  /** Names the region for screen readers; differs from the heading above it. */
  readonly label: string;
  readonly children: ReactNode;
  /** Which end is in view first. */
  readonly startsAt?: "start" | "end";
}

/** Lines of output in a region of its own that scrolls and can be reached with the keyboard. */
export function TextBlock({ label, children, startsAt = "start" }: TextBlockProps) {
  // A reversed column keeps its last line in view by itself, also while lines are added.
  const direction = startsAt === "end" ? "flex-col-reverse" : "flex-col";
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className={`flex max-h-80 ${direction} overflow-auto rounded-md bg-sunken px-3 py-2`}
    >
      <pre className="font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">{children}</pre>
    </div>
  );
}
