import type { Verdict } from "@mcpproxy/core/verdict/verdict";
import { formatOffset } from "./timeline-rows.ts";
import { Section } from "../ui/section.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

const confidenceWords: Readonly<Record<Verdict["confidence"], string>> = {
  certain: "certain",
  likely: "likely, not proven",
  unknown: "unknown",
};

/** What a verdict rests on, row by row. */
export function VerdictEvidence({ verdict, startedAt }: { verdict: Verdict; startedAt: string }) {
  return (
    <Section
      title="Why we say this"
      aside={<span className="text-xs text-soft">Confidence: {confidenceWords[verdict.confidence]}</span>}
    >
      {verdict.evidence.length === 0 ? (
        <EmptyState kind="not-applicable" title="Nothing was observed; the verdict rests on what is missing." />
      ) : (
        <ul className="flex flex-col text-[13px]">
          {verdict.evidence.map((row) => (
            <li
              key={`${row.source}:${row.at ?? ""}:${row.text}`}
              className="grid grid-cols-[5.5rem_minmax(0,1fr)_auto] gap-x-3 border-t border-line py-1.5 first:border-t-0"
            >
              <span className="text-soft">{row.source}</span>
              <span className={`min-w-0 wrap-anywhere ${row.source === "stderr" ? "font-mono text-xs leading-5" : ""}`}>
                {row.text}
              </span>
              {row.at === undefined ? (
                <span />
              ) : (
                <time dateTime={row.at} className="text-soft tabular-nums">
                  {formatOffset(Date.parse(row.at) - Date.parse(startedAt))}
                </time>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
