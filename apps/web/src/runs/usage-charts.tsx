"use client";

import { useQuery } from "@tanstack/react-query";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { useTrpc } from "../trpc/trpc-context.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { CurveFigure } from "./curve-figure.tsx";
import { formatCores } from "./format-cores.ts";
import { cpuReadings, memoryReadings, readingCurve } from "./reading-curve.ts";

export type MeasuredRun = Pick<RunRecord, "id" | "state" | "limits" | "peakMemoryBytes" | "verdict" | "endedAt">;

/** The memory of a run over time, with the line of its limit and where it was killed. */
export function MemoryChart({ run }: { run: MeasuredRun }) {
  const samples = useQuery(useTrpc().runs.samples.queryOptions({ id: run.id })).data ?? [];
  const limit = run.limits.memoryBytes;
  const curve = readingCurve({ readings: memoryReadings({ samples, run }), limit });
  const peak = run.peakMemoryBytes === null ? [] : [`Peak ${formatBytes(run.peakMemoryBytes)}`];
  return (
    <Section title="Memory" aside={<Aside parts={[...peak, limitWords(limit, formatBytes)]} />}>
      {curve === undefined ? (
        <NoCurve run={run} />
      ) : (
        <CurveFigure name="Memory" curve={curve} format={formatBytes} limit={limit} killMark={killMarkOf(run)} />
      )}
    </Section>
  );
}

/** The CPU of a run over time, with the line of its limit. */
export function CpuChart({ run }: { run: MeasuredRun }) {
  const samples = useQuery(useTrpc().runs.samples.queryOptions({ id: run.id })).data ?? [];
  const limit = run.limits.cpus;
  const readings = cpuReadings(samples);
  const curve = readingCurve({ readings, limit });
  const now = run.state === "ended" ? undefined : readings.at(-1);
  const parts = now === undefined ? [] : [`Now ${formatCores(now.value)}`];
  return (
    <Section title="CPU" aside={<Aside parts={[...parts, limitWords(limit, formatCores)]} />}>
      {curve === undefined ? (
        <NoCurve run={run} />
      ) : (
        <CurveFigure name="CPU" curve={curve} format={formatCores} limit={limit} />
      )}
    </Section>
  );
}

function limitWords(limit: number | null, format: (value: number) => string): string {
  return limit === null ? "no limit" : `limit ${format(limit)}`;
}

/** Only a kill at the limit is also a reading: every other end came at an unknown height. */
function killMarkOf({ verdict }: MeasuredRun): string | undefined {
  return verdict?.kind === "oom_killed" ? "killed here" : undefined;
}

function Aside({ parts }: { parts: readonly string[] }) {
  return <span className="text-xs text-soft tabular-nums">{parts.join(", ")}</span>;
}

function NoCurve({ run }: { run: MeasuredRun }) {
  const title =
    run.state === "ended" ? "Too short to be measured more than once." : "The curve starts with the second reading.";
  return <EmptyState kind="not-applicable" title={title} />;
}
