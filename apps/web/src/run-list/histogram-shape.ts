import { verdictKinds } from "@mcpproxy/core/verdict/verdict";
import { verdictStatus, type Tone } from "../status/status-words.ts";
import type { RunHistogram } from "../trpc/router-types.ts";

/** From the bottom of a bar to its top: what is bad stands on the line, where it is compared most easily. */
export const stackedTones = ["bad", "warning", "neutral", "good", "busy"] as const satisfies readonly Tone[];

export interface Bar {
  readonly atMs: number;
  readonly endMs: number;
  readonly total: number;
  /** Bottom first; heights are shares of the highest bar. */
  readonly parts: readonly {
    readonly tone: Tone;
    readonly runs: number;
    readonly from: number;
    readonly height: number;
  }[];
}

/** The bars of a histogram; runs without a verdict are those that live. */
export function histogramBars({ buckets, bucketMs }: RunHistogram): readonly Bar[] {
  const totals = buckets.map(({ verdicts }) => verdicts.reduce((sum, { runs }) => sum + runs, 0));
  const highest = Math.max(1, ...totals);
  return buckets.map(({ at, verdicts }, index) => {
    const atMs = Date.parse(at);
    let below = 0;
    const parts = stackedTones.flatMap((tone) => {
      const runs = verdicts.reduce((sum, each) => sum + (toneOf(each.value) === tone ? each.runs : 0), 0);
      if (runs === 0) return [];
      const part = { tone, runs, from: below / highest, height: runs / highest };
      below += runs;
      return [part];
    });
    return { atMs, endMs: atMs + bucketMs, total: totals[index] ?? 0, parts };
  });
}

function toneOf(verdict: string): Tone {
  const kind = verdictKinds.find((known) => known === verdict);
  return kind === undefined ? "busy" : verdictStatus({ kind }).tone;
}

/** The time between two bars, in whichever order a pointer went over them. */
export function brushedTime(
  bars: readonly Bar[],
  one: number,
  other: number,
): { from: string; to: string } | undefined {
  const first = bars[Math.min(one, other)];
  const last = bars[Math.max(one, other)];
  if (first === undefined || last === undefined) return undefined;
  return { from: new Date(first.atMs).toISOString(), to: new Date(last.endMs).toISOString() };
}
