import type { DiffLine } from "../trpc/router-types.ts";

const signs: Readonly<Record<DiffLine["kind"], { readonly sign: string; readonly className: string }>> = {
  same: { sign: " ", className: "text-soft" },
  removed: { sign: "−", className: "bg-bad-tint text-bad" },
  added: { sign: "+", className: "text-good" },
};

/** Lines of a text before and after a change. */
export function DiffBlock({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-md bg-sunken py-2 font-mono text-xs leading-5"
    >
      {lines.map(({ kind, text }, index) => (
        <div key={index} className={`flex gap-2 px-3 ${signs[kind].className}`}>
          <span className="w-2 shrink-0 select-none">{signs[kind].sign}</span>
          {kind !== "same" && <span className="sr-only">{kind}</span>}
          <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">{text}</span>
        </div>
      ))}
    </div>
  );
}
