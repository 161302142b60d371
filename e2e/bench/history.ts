import { statSync } from "node:fs";
import { join } from "node:path";
import { runCommand, homeEnvironment } from "../harness/command-line.ts";
import { freePort } from "../harness/free-port.ts";
import { startProxy, type ProxyProcess } from "../harness/proxy-process.ts";
import { configOf } from "../harness/server-entries.ts";
import { temporaryHome, type TemporaryHome } from "../harness/temporary-home.ts";
import { fillHistory } from "./history-database.ts";
import { percentile } from "./series.ts";

// Not part of `pnpm bench`: `node bench/history.ts [RUNS]` takes some minutes and, with a million runs, 6 GB of disk.
const runs = Number(process.argv[2] ?? 1_000_000);
const size = { runs, eventsPerRun: 8, samplesPerRun: 20 };
const repetitions = 100;
const weekAgo = new Date(Date.now() - 7 * 86_400_000).toISOString();
const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();

interface Question {
  readonly name: string;
  readonly path: string;
  readonly repetitions?: number;
}

const page = (input: object): string =>
  `/trpc/runs.list?input=${encodeURIComponent(JSON.stringify({ limit: 50, ...input }))}`;
const facets = (query: string): string => `/api/v1/runs/facets?${query}`;
const questions: readonly Question[] = [
  { name: "first page", path: page({}) },
  { name: "page 30 days back", path: page({ to: monthAgo }) },
  { name: "page of one server", path: page({ server: "server-07" }) },
  { name: "page of a rare server", path: page({ server: "rare-server" }) },
  { name: "page of server and verdict", path: page({ server: "server-07", verdict: "oom_killed" }) },
  { name: "page of a rare pair", path: page({ server: "server-07", verdict: "lost" }) },
  {
    name: "page of three verdicts, last week",
    path: page({ verdict: ["oom_killed", "app_error", "lost"], from: weekAgo }),
  },
  { name: "page of state ended", path: page({ state: "ended" }) },
  { name: "page of exit code and image", path: page({ exitCode: 139, image: "python:3.11" }) },
  { name: "page of open runs (none)", path: page({ state: ["ready", "initializing"] }) },
  { name: "page with a common text", path: page({ text: "oom" }) },
  { name: "page with a rare text", path: page({ text: "needle" }), repetitions: 5 },
  { name: "facets", path: facets("") },
  { name: "facets of a server", path: facets("server=server-07") },
  { name: "facets of the last week", path: facets(`from=${weekAgo}&verdict=oom_killed`) },
  { name: "facets with a text", path: facets("q=needle"), repetitions: 5 },
];

const home = await temporaryHome();
try {
  // Or the proxy would tidy up what is to be measured.
  await home.writeConfig({ ...configOf([]), history: { max_age: "3650d", max_runs: 100_000_000 } });
  const emptyMs = await startUp(home);
  say(`filling with ${runs} runs …`);
  const filledSeconds = await timed(() => fillHistory(join(home.dataDir, "mcpproxy.db"), size));
  const bytes = statSync(join(home.dataDir, "mcpproxy.db")).size;
  print("history", [
    ["runs", String(runs)],
    ["samples", String(runs * size.samplesPerRun)],
    ["events", String(runs * size.eventsPerRun)],
    ["filled in", `${filledSeconds.toFixed(0)} s`],
    ["bytes per run", (bytes / runs).toFixed(0)],
    ["start-up, empty history", `${emptyMs.toFixed(0)} ms`],
    ["start-up, this history", `${(await startUp(home)).toFixed(0)} ms`],
  ]);
  print("p50 and p95 over HTTP, ms", await withProxy(home, askAll));
  const prune = await timed(() =>
    runCommand(["runs", "prune", "--max-runs", "1000", "--dry-run"], homeEnvironment(home)),
  );
  print("commands", [["runs prune --dry-run", `${prune.toFixed(2)} s`]]);
} finally {
  await home.remove();
}

async function askAll(proxy: ProxyProcess): Promise<readonly (readonly [string, string])[]> {
  const rows: (readonly [string, string])[] = [];
  for (const question of questions) rows.push([question.name, await ask(proxy, question)]);
  return rows;
}

async function ask({ url, apiKey }: ProxyProcess, question: Question): Promise<string> {
  const times: number[] = [];
  const count = question.repetitions ?? repetitions;
  // The first ones pay for compiling and for reading the file.
  for (let at = -Math.ceil(count / 5); at < count; at += 1) {
    const beganMs = performance.now();
    const response = await fetch(url + question.path, { headers: { "x-api-key": apiKey } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${question.path}: ${text}`);
    if (at >= 0) times.push(performance.now() - beganMs);
  }
  const sorted = times.toSorted((one, other) => one - other);
  return `${percentile(sorted, 50).toFixed(1)} / ${percentile(sorted, 95).toFixed(1)}`;
}

async function withProxy<Result>(of: TemporaryHome, use: (proxy: ProxyProcess) => Promise<Result>): Promise<Result> {
  const proxy = await startProxy({
    home: of,
    ports: { proxy: await freePort(), web: await freePort() },
    paths: "flags",
  });
  try {
    return await use(proxy);
  } finally {
    await proxy.process.stop("SIGINT", 20_000);
  }
}

/** The middle one of three. */
async function startUp(of: TemporaryHome): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 3; count += 1) times.push(await withProxy(of, async (proxy) => proxy.listeningAfterMs));
  return percentile(
    times.toSorted((one, other) => one - other),
    50,
  );
}

async function timed(action: () => unknown): Promise<number> {
  const beganMs = performance.now();
  await action();
  return (performance.now() - beganMs) / 1_000;
}

function print(title: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`\n${title}\n${rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("")}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
