import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { bridgeLines, type BridgeFigures } from "./bridge-figures.ts";
import type { DeathDelay } from "./death-delay.ts";
import type { ExitStorm } from "./exit-storm.ts";
import type { FirstByte } from "./first-byte.ts";
import type { IdleLoad } from "./idle-load.ts";
import type { SubjectFigures } from "./measure-subjects.ts";
import type { RecordingFigures } from "./recording.ts";
import type { NpxStart } from "./start-npx.ts";
import type { StopDelay } from "./stop-delay.ts";
import { supervisionLines } from "./supervision-lines.ts";

export interface Results extends BridgeFigures {
  readonly subjects: readonly SubjectFigures[];
  /** What could not be measured, with the reason. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
  readonly startUpMs?: number;
  readonly deathDelays?: readonly DeathDelay[];
  readonly firstBytes?: readonly FirstByte[];
  readonly npxStarts?: readonly NpxStart[];
  readonly stopDelay?: StopDelay;
  readonly recording?: RecordingFigures;
  readonly exitStorm?: ExitStorm;
  readonly idleLoad?: IdleLoad;
  /** Per plan, by kind of server. */
  readonly planningMicroseconds?: Readonly<Record<string, number>>;
}

const heading = [
  "path",
  "1: p50 ms",
  "p99 ms",
  "calls/s",
  "32: p50 ms",
  "p99 ms",
  "calls/s",
  "RSS idle MiB",
  "loaded MiB",
  "CPU/call ms",
];

/** The one table of a run, with the single figures below it. */
export function formatResults(results: Results): string {
  const { subjects, failures, startUpMs, deathDelays, firstBytes, npxStarts, planningMicroseconds } = results;
  const rows = [heading, ...subjects.map(subjectRow)];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  if (startUpMs !== undefined) lines.push("", `mcpproxy serve, spawn to listening: ${startUpMs.toFixed(0)} ms`);
  if (deathDelays !== undefined) lines.push(...deathLines(deathDelays));
  lines.push(...bridgeLines(results));
  lines.push(...(firstBytes ?? []).map(firstByteLine), ...(npxStarts ?? []).map(npxLine));
  lines.push(...supervisionLines(results));
  if (planningMicroseconds !== undefined) lines.push(planningLine(planningMicroseconds));
  for (const { name, reason } of failures) lines.push(`not measured: ${name}: ${reason}`);
  return lines.join("\n");
}

/** Keeps the figures as JSON beside the benchmark; returns the file's path. */
export async function saveResults(results: Results, at: Date): Promise<string> {
  const folder = join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${at.toISOString().replaceAll(":", "-")}.json`);
  const machine = {
    node: process.version,
    platform: process.platform,
    processor: cpus()[0]?.model,
    cores: cpus().length,
  };
  await writeFile(file, `${JSON.stringify({ at: at.toISOString(), machine, ...results }, null, 2)}\n`);
  return file;
}

function subjectRow({
  name,
  alone,
  together,
  idleBytes,
  loadedBytes,
  cpuPerCallMs,
}: SubjectFigures): readonly string[] {
  const series = [alone, together].flatMap(({ p50Ms, p99Ms, callsPerSecond }) => [
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    callsPerSecond.toFixed(0),
  ]);
  return [name, ...series, megabytes(idleBytes), megabytes(loadedBytes), cpuPerCallMs?.toFixed(3) ?? "–"];
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "–" : (bytes / 2 ** 20).toFixed(0);
}

function firstByteLine({ name, medianMs, lowestMs, highestMs }: FirstByte): string {
  const [median, lowest, highest] = [medianMs, lowestMs, highestMs].map((ms) => ms.toFixed(0));
  return `container, start to first byte, ${name}: ${median} ms (${lowest} to ${highest})`;
}

function npxLine({ hasCacheVolume, firstMs, secondMs }: NpxStart): string {
  const how = hasCacheVolume ? "with a cache volume" : "without a cache volume";
  return `npx server, start to ready, ${how}: first ${firstMs.toFixed(0)} ms, second ${secondMs.toFixed(0)} ms`;
}

function deathLines(delays: readonly DeathDelay[]): readonly string[] {
  const list = (pick: (delay: DeathDelay) => number) => delays.map((delay) => pick(delay).toFixed(0)).join(", ");
  return [
    `container death to error at the client: ${list((delay) => delay.clientErrorMs)} ms`,
    `container death to ended row in the API: ${list((delay) => delay.endedRowMs)} ms`,
  ];
}

function planningLine(microseconds: Readonly<Record<string, number>>): string {
  return `planning a server: ${Object.entries(microseconds)
    .map(([kind, figure]) => `${kind} ${figure.toFixed(0)} µs`)
    .join(", ")}`;
}
