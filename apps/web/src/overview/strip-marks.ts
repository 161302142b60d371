import { verdictWords, type VerdictTone } from "@mcpproxy/core/verdict/verdict-words";
import type { Overview } from "../trpc/router-types.ts";

export type StripRun = Overview["servers"][number]["runs"][number];

/** What a run looks like in a strip: the worse it ended, the higher, so that colour is not needed. */
export interface StripMark {
  readonly top: number;
  readonly className: string;
}

/** On a field 24 units high. */
const marks: Readonly<Record<VerdictTone, StripMark>> = {
  good: { top: 16, className: "fill-good" },
  neutral: { top: 16, className: "fill-soft" },
  warning: { top: 8, className: "fill-warning" },
  bad: { top: 0, className: "fill-bad" },
};

export function stripMark({ verdict }: Pick<StripRun, "verdict">): StripMark {
  return marks[verdict === null ? "neutral" : verdictWords[verdict].tone];
}

/** "Out of memory, ended 2026-11-24 08:00:00 UTC" */
export function describeStripRun({ verdict, endedAt }: Pick<StripRun, "verdict" | "endedAt">): string {
  const label = verdict === null ? "Ended" : verdictWords[verdict].label;
  return `${label}, ended ${endedAt.slice(0, 19).replace("T", " ")} UTC`;
}

/** "3 of 40 runs failed" */
export function describeStrip(runs: readonly Pick<StripRun, "verdict">[]): string {
  if (runs.length === 0) return "No run has ended yet";
  const failed = runs.filter(({ verdict }) => {
    const tone = verdict === null ? "neutral" : verdictWords[verdict].tone;
    return tone === "bad" || tone === "warning";
  }).length;
  if (failed === 0) return runs.length === 1 ? "1 run, not failed" : `${runs.length} runs, none failed`;
  return `${failed} of ${runs.length} ${runs.length === 1 ? "run" : "runs"} failed`;
}
