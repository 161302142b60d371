import type { Results } from "./report.ts";

type Supervision = Pick<Results, "stopDelay" | "recording" | "exitStorm" | "idleLoad">;

/** What stops, ends and records cost, a line for each that was measured. */
export function supervisionLines({ stopDelay, recording, exitStorm, idleLoad }: Supervision): readonly string[] {
  return [
    ...(stopDelay === undefined ? [] : [stopLine(stopDelay)]),
    ...(recording === undefined ? [] : [recordingLine(recording)]),
    ...(exitStorm === undefined ? [] : [stormLine(exitStorm)]),
    ...(idleLoad === undefined ? [] : [idleLine(idleLoad)]),
  ];
}

function stopLine({ stops, medianMs, p95Ms }: NonNullable<Results["stopDelay"]>): string {
  return `stop to verdict in the API, ${stops} stops: p50 ${medianMs.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms`;
}

function recordingLine({ on, off, overheadPercent }: NonNullable<Results["recording"]>): string {
  const rate = (figures: typeof on): string => figures.callsPerSecond.toFixed(0);
  return `recording: ${rate(on)} calls/s with, ${rate(off)} without: ${overheadPercent.toFixed(1)} %`;
}

function stormLine({
  containers,
  lastDeathMs,
  lastRowMs,
  rowsWithVerdict,
  verdicts,
}: NonNullable<Results["exitStorm"]>): string {
  const kinds = Object.entries(verdicts).map(([kind, count]) => `${count} ${kind}`);
  return [
    `exit storm of ${containers} containers: ${rowsWithVerdict} rows with a verdict (${kinds.join(", ")})`,
    `the engine's last death after ${lastDeathMs.toFixed(0)} ms, the last row after ${lastRowMs.toFixed(0)} ms`,
  ].join("; ");
}

function idleLine({ containers, seconds, residentBytes, cpuPercent }: NonNullable<Results["idleLoad"]>): string {
  const memory = (residentBytes / 2 ** 20).toFixed(0);
  return `${containers} idle containers for ${seconds} s: ${memory} MiB, ${cpuPercent.toFixed(1)} % of one core`;
}
