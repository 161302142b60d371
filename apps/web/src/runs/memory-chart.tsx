"use client";

import { useQuery } from "@tanstack/react-query";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import { formatDuration } from "@mcpproxy/core/format/duration";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { useTrpc } from "../trpc/trpc-context.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { memoryCurve, memoryReadings, type MemoryCurve } from "./memory-curve.ts";

/** The memory of a run over time, with the line of its limit. */
export function MemoryChart({ run }: { run: RunRecord }) {
  const samples = useQuery(useTrpc().runs.samples.queryOptions({ id: run.id })).data ?? [];
  const limitBytes = run.limits.memoryBytes;
  const curve = memoryCurve({ samples: memoryReadings({ samples, run }), limitBytes });
  const peak = run.peakMemoryBytes === null ? "" : `Peak ${formatBytes(run.peakMemoryBytes)}`;
  const limit = limitBytes === null ? "no limit" : `limit ${formatBytes(limitBytes)}`;
  return (
    <Section
      title="Memory"
      aside={<span className="text-xs text-soft tabular-nums">{peak === "" ? limit : `${peak}, ${limit}`}</span>}
    >
      {curve === undefined ? (
        <EmptyState
          kind="not-applicable"
          title={
            run.state === "ended"
              ? "Too short to be measured more than once."
              : "The curve starts with the second reading."
          }
        />
      ) : (
        <CurveFigure curve={curve} limitText={limitBytes === null ? undefined : formatBytes(limitBytes)} />
      )}
    </Section>
  );
}

function CurveFigure({ curve, limitText }: { curve: MemoryCurve; limitText: string | undefined }) {
  const summary = `Memory over ${formatDuration(curve.spanMs)}, at most ${formatBytes(curve.highestBytes)}${limitText === undefined ? "" : `, limit ${limitText}`}`;
  return (
    <figure>
      <svg
        role="img"
        aria-label={summary}
        viewBox="0 0 1000 100"
        preserveAspectRatio="none"
        className="h-32 w-full overflow-visible border-b border-line"
      >
        <path d={curve.areaPath} className="fill-accent/12" />
        <path
          d={curve.linePath}
          fill="none"
          className="stroke-accent"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
        {curve.limitY !== undefined && (
          <line
            x1="0"
            x2="1000"
            y1={curve.limitY}
            y2={curve.limitY}
            className="stroke-bad"
            strokeWidth="1"
            strokeDasharray="4 3"
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      <figcaption className="mt-1 flex justify-between text-xs text-soft tabular-nums">
        <span>start</span>
        {limitText !== undefined && (
          <span>
            <span aria-hidden className="text-bad">
              ┄
            </span>{" "}
            limit {limitText}
          </span>
        )}
        <span>{formatDuration(curve.spanMs)}</span>
      </figcaption>
    </figure>
  );
}
