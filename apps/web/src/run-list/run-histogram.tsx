"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState, type PointerEvent } from "react";
import { formatMinute } from "../clock/format-time.ts";
import { useIsInBrowser } from "../clock/clock-provider.tsx";
import type { Tone } from "../status/status-words.ts";
import { useTrpc } from "../trpc/trpc-context.ts";
import { brushedTime, histogramBars, stackedTones, type Bar } from "./histogram-shape.ts";
import type { RunFilter } from "./run-filter.ts";

const fills: Readonly<Record<Tone, string>> = {
  bad: "fill-bad",
  warning: "fill-warning",
  neutral: "fill-soft/60",
  good: "fill-good",
  busy: "fill-accent",
};
const toneWords: Readonly<Record<Tone, string>> = {
  bad: "failed",
  warning: "with a warning",
  neutral: "stopped",
  good: "completed",
  busy: "alive",
};

export interface RunHistogramProps {
  readonly filter: RunFilter;
  readonly onBrush: (times: { readonly from: string; readonly to: string }) => void;
}

/** When the runs began, stacked by how they ended. Dragging over bars narrows the time; the time filter does the same by keyboard. */
export function RunHistogram({ filter, onBrush }: RunHistogramProps) {
  const options = useTrpc().runs.histogram.queryOptions(filter, { placeholderData: keepPreviousData });
  const { data } = useQuery(options);
  const bars = data === undefined ? [] : histogramBars(data);
  return (
    <figure className="min-h-[4.75rem]">
      <Bars bars={bars} onBrush={onBrush} />
      <Legend bars={bars} />
    </figure>
  );
}

const heightPx = 48;

function Bars({ bars, onBrush }: { bars: readonly Bar[]; onBrush: RunHistogramProps["onBrush"] }) {
  const chart = useRef<SVGSVGElement>(null);
  const [brush, setBrush] = useState<{ readonly from: number; readonly to: number }>();
  const barAt = ({ clientX }: PointerEvent): number => {
    const box = chart.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    const place = Math.floor(((clientX - box.left) / box.width) * bars.length);
    return Math.min(Math.max(place, 0), bars.length - 1);
  };
  const finish = (): void => {
    const times = brush === undefined ? undefined : brushedTime(bars, brush.from, brush.to);
    setBrush(undefined);
    if (times !== undefined) onBrush(times);
  };
  return (
    <svg
      ref={chart}
      role="img"
      aria-label={summary(bars)}
      viewBox={`0 0 ${Math.max(1, bars.length)} 1`}
      preserveAspectRatio="none"
      height={heightPx}
      className="w-full cursor-crosshair touch-pan-y border-b border-line"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const place = barAt(event);
        setBrush({ from: place, to: place });
      }}
      onPointerMove={(event) => brush !== undefined && setBrush({ ...brush, to: barAt(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setBrush(undefined)}
    >
      {brush !== undefined && (
        <rect
          x={Math.min(brush.from, brush.to)}
          width={Math.abs(brush.to - brush.from) + 1}
          height="1"
          className="fill-accent/20"
        />
      )}
      {bars.map((bar, index) => (
        <BarShape key={bar.atMs} bar={bar} index={index} />
      ))}
    </svg>
  );
}

function BarShape({ bar, index }: { bar: Bar; index: number }) {
  return (
    <g>
      <title>{`${formatMinute(bar.atMs).replace("T", " ")}: ${bar.total} runs`}</title>
      {bar.parts.map(({ tone, from, height }) => (
        <rect key={tone} x={index + 0.1} width="0.8" y={1 - from - height} height={height} className={fills[tone]} />
      ))}
    </g>
  );
}

function Legend({ bars }: { bars: readonly Bar[] }) {
  const isInBrowser = useIsInBrowser();
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <figcaption className="mt-1 flex min-h-5 justify-between gap-4 text-xs text-soft tabular-nums">
      <span>{isInBrowser && first !== undefined && formatMinute(first.atMs).replace("T", " ")}</span>
      <span className="flex flex-wrap justify-center gap-x-3">
        {countedTones(bars).map(({ tone, runs }) => (
          <span key={tone} className="inline-flex items-center gap-1">
            <svg aria-hidden viewBox="0 0 8 8" className="size-2">
              <rect width="8" height="8" className={fills[tone]} />
            </svg>
            {runs.toLocaleString("en")} {toneWords[tone]}
          </span>
        ))}
      </span>
      <span>{isInBrowser && last !== undefined && formatMinute(last.endMs).replace("T", " ")}</span>
    </figcaption>
  );
}

function countedTones(bars: readonly Bar[]): readonly { readonly tone: Tone; readonly runs: number }[] {
  return stackedTones.flatMap((tone) => {
    const runs = bars.reduce((sum, { parts }) => sum + (parts.find((part) => part.tone === tone)?.runs ?? 0), 0);
    return runs === 0 ? [] : [{ tone, runs }];
  });
}

function summary(bars: readonly Bar[]): string {
  const counts = countedTones(bars).map(({ tone, runs }) => `${runs} ${toneWords[tone]}`);
  return counts.length === 0 ? "No runs in this time" : `Runs over time: ${counts.join(", ")}`;
}
