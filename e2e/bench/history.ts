import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { homeEnvironment, runCommand } from "../harness/command-line.ts";
import { removeContainersOf } from "../harness/docker.ts";
import { freePort } from "../harness/free-port.ts";
import { ensureTestImage } from "../harness/global-setup.ts";
import { startProxy, type ProxyProcess } from "../harness/proxy-process.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { temporaryHome } from "../harness/temporary-home.ts";
import { fillHistory } from "./history-database.ts";
import { measureExport, type ExportFigures } from "./history-export.ts";
import { askOften, firstPage, historyQuestions, keepAsking, type Answered } from "./history-questions.ts";
import { percentile } from "./series.ts";

// Not part of `pnpm bench`: `node bench/history.ts [RUNS] [FOLDER]` takes some minutes and, with a million runs, 12 GB of
// disk. With a FOLDER the filled database is kept there, and taken from there the next time.
const runs = Number(process.argv[2] ?? 1_000_000);
const folder = process.argv[3];
const size = { runs, eventsPerRun: 8, samplesPerRun: 20 };
const keptRuns = Math.round(runs / 10);
/** Or the proxy would tidy up what is to be measured. */
const history = { max_age: "3650d", max_runs: 100_000_000 };
/** They are there to write readings while the history is read. */
const livingServers = 5;
type Line = readonly [name: string, value: string];

const home = await temporaryHome();
const database = join(home.dataDir, "mcpproxy.db");
try {
  await ensureTestImage();
  await home.writeConfig({ ...configOf([]), history });
  const emptyMs = await startUp();
  const filled = await takeFilled();
  const bytes = statSync(database).size;
  print("history", [
    ["runs", String(runs)],
    ["samples", String(runs * size.samplesPerRun)],
    ["events", String(runs * size.eventsPerRun)],
    ["filled", filled],
    ["bytes per run", (bytes / runs).toFixed(0)],
    ["start-up, empty history", `${emptyMs.toFixed(0)} ms`],
    ["start-up, this history", `${(await startUp()).toFixed(0)} ms`],
  ]);
  const living = Array.from({ length: livingServers }, (_unused, index) =>
    containerFixture({ name: `living-${index}` }),
  );
  await home.writeConfig({ ...configOf(living), history });
  await withProxy(measureAll);
} finally {
  const instanceId = (await home.readText(join(home.dataDir, "instance_id"))).trim();
  await removeContainersOf(instanceId);
  await home.remove();
}

async function measureAll(proxy: ProxyProcess): Promise<void> {
  const answers: Line[] = [];
  for (const question of await historyQuestions(proxy)) answers.push(answerLine(await askOften(proxy, question)));
  print("p50 / p95 / highest over HTTP, ms", answers);
  const from = new Date(Date.now() - 7 * 86_400_000).toISOString();
  print("exports", [
    exportLine(await measureExport(proxy, { format: "csv", query: "" })),
    exportLine(await measureExport(proxy, { format: "ndjson", query: `from=${from}` })),
  ]);
  await measurePrune(proxy);
}

async function measurePrune(proxy: ProxyProcess): Promise<void> {
  const plan = await timed(() => prune("--dry-run"));
  const meanwhile = keepAsking(proxy, firstPage);
  const seconds = await timed(() => prune());
  print(`runs prune --max-runs ${keptRuns}`, [
    ["--dry-run", `${plan.toFixed(2)} s`],
    ["", `${seconds.toFixed(0)} s`],
    ["first page meanwhile", answerLine(await meanwhile.stop())[1]],
    ["database", `${(statSync(database).size / 2 ** 20).toFixed(0)} MiB`],
  ]);
}

async function prune(...options: readonly string[]): Promise<void> {
  const args = ["runs", "prune", "--max-runs", String(keptRuns), ...options];
  const { exitCode, output } = await runCommand(args, homeEnvironment(home));
  if (exitCode !== 0) throw new Error(output);
}

/** Fills the empty database that the proxy has made, or takes one from the folder. */
async function takeFilled(): Promise<string> {
  const kept = folder === undefined ? undefined : join(folder, `history-${runs}.db`);
  if (kept !== undefined && existsSync(kept)) {
    copyFileSync(kept, database);
    return `taken from ${kept}`;
  }
  process.stderr.write(`filling with ${runs} runs …\n`);
  const seconds = await timed(() => fillHistory(database, size));
  if (folder !== undefined && kept !== undefined) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(database, kept);
  }
  return `in ${seconds.toFixed(0)} s`;
}

async function withProxy<Result>(use: (proxy: ProxyProcess) => Promise<Result>): Promise<Result> {
  const ports = { proxy: await freePort(), web: await freePort() };
  const proxy = await startProxy({ home, ports, paths: "flags" });
  try {
    return await use(proxy);
  } finally {
    await proxy.process.stop("SIGINT", 20_000);
  }
}

/** The middle one of three, after one that may have to migrate. */
async function startUp(): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 4; count += 1)
    times.push(await withProxy(async (proxy: ProxyProcess) => proxy.listeningAfterMs));
  return percentile(
    times.slice(1).toSorted((one, other) => one - other),
    50,
  );
}

async function timed(action: () => unknown): Promise<number> {
  const beganMs = performance.now();
  await action();
  return (performance.now() - beganMs) / 1_000;
}

function answerLine({ name, p50Ms, p95Ms, maxMs }: Answered): Line {
  return [name, [p50Ms, p95Ms, maxMs].map((ms) => ms.toFixed(1)).join(" / ")];
}

function exportLine({ format, runs: exported, bytes, seconds, beforeBytes, highestBytes }: ExportFigures): Line {
  const mebibytes = (count: number): string => (count / 2 ** 20).toFixed(0);
  const rate = `${(exported / seconds).toFixed(0)} runs/s, ${mebibytes(bytes / seconds)} MiB/s`;
  return [
    format,
    `${exported} runs in ${seconds.toFixed(0)} s: ${rate}; memory ${mebibytes(beforeBytes)} → ${mebibytes(highestBytes)} MiB`,
  ];
}

function print(title: string, lines: readonly Line[]): void {
  const width = Math.max(...lines.map(([name]) => name.length));
  process.stdout.write(`\n${title}\n${lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("")}`);
}
