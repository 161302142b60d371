import { z } from "zod";
import type { ProxyProcess } from "../harness/proxy-process.ts";
import { percentile } from "./series.ts";

export interface Answered {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

interface Question {
  readonly name: string;
  readonly path: string;
}

const repetitions = 100;
const warmUps = 20;
const day = 86_400_000;
const pageSchema = z.object({
  data: z.object({ runs: z.array(z.object({ id: z.string() })), nextCursor: z.string() }),
});

const page = (input: object): string =>
  `/trpc/runs.list?input=${encodeURIComponent(JSON.stringify({ limit: 50, ...input }))}`;
const facets = (query: string): string => `/api/v1/runs/facets?${query}`;
const ago = (days: number): string => new Date(Date.now() - days * day).toISOString();

export const firstPage: Question = { name: "first page", path: page({}) };

/** Every filter, alone and together, near the newest run and far from it. */
export async function historyQuestions(proxy: ProxyProcess): Promise<readonly Question[]> {
  const text = await get(proxy, `/api/v1/runs?limit=1&to=${ago(30)}`);
  const { runs, nextCursor: cursor } = pageSchema.parse(JSON.parse(text)).data;
  const neighbours = `/api/v1/runs/${runs[0]?.id ?? ""}/neighbours`;
  const lastWeek = { from: ago(7) };
  return [
    firstPage,
    { name: "page 30 days back", path: page({ to: ago(30) }) },
    { name: "page after a cursor, 30 days back", path: page({ cursor }) },
    { name: "page of some hours, after a cursor", path: page({ cursor, from: ago(30.5), to: ago(29) }) },
    { name: "page of one server", path: page({ server: "server-07" }) },
    { name: "page of one server after a cursor", path: page({ server: "server-07", cursor }) },
    { name: "page of a rare server", path: page({ server: "rare-server" }) },
    { name: "page of server and verdict", path: page({ server: "server-07", verdict: "oom_killed" }) },
    { name: "page of a rare pair", path: page({ server: "server-07", verdict: "lost" }) },
    {
      name: "page of three verdicts, last week",
      path: page({ verdict: ["oom_killed", "app_error", "lost"], ...lastWeek }),
    },
    { name: "page of a rare verdict", path: page({ verdict: "lost" }) },
    { name: "page of state ended", path: page({ state: "ended" }) },
    { name: "page of open runs", path: page({ state: ["ready", "initializing"] }) },
    { name: "page of an image", path: page({ image: "python:3.11" }) },
    { name: "page of an exit code", path: page({ exitCode: 139 }) },
    { name: "page of exit code and image", path: page({ exitCode: 139, image: "python:3.11" }) },
    { name: "page with a common text", path: page({ text: "oom" }) },
    { name: "page with a rare text", path: page({ text: "needle" }) },
    { name: "page with a rare text after a cursor", path: page({ text: "needle", cursor }) },
    {
      name: "page with a rare text, server, last week",
      path: page({ text: "needle", server: "server-07", ...lastWeek }),
    },
    { name: "page with a text that no run has", path: page({ text: "nobody says this" }) },
    { name: "neighbours", path: neighbours },
    { name: "neighbours of a server", path: `${neighbours}?server=server-07` },
    { name: "neighbours with a rare text", path: `${neighbours}?q=needle` },
    { name: "facets", path: facets("") },
    { name: "facets of a server", path: facets("server=server-07") },
    { name: "facets of the last week", path: facets(`from=${ago(7)}&verdict=oom_killed`) },
    { name: "facets with a rare text", path: facets("q=needle") },
    { name: "facets with a common text", path: facets("q=ended") },
    { name: "facets with a text, last week", path: facets(`q=oom&from=${ago(7)}`) },
  ];
}

/** Asks one question again and again, over HTTP as the dashboard does. */
export async function askOften(proxy: ProxyProcess, { name, path }: Question): Promise<Answered> {
  const times: number[] = [];
  // The first ones pay for compiling and for reading the file.
  for (let at = -warmUps; at < repetitions; at += 1) {
    const tookMs = await timeOf(proxy, path);
    if (at >= 0) times.push(tookMs);
  }
  return answered(name, times);
}

/** Asks until told to stop, twenty times a second: how it is for others meanwhile. */
export function keepAsking(proxy: ProxyProcess, { name, path }: Question): { stop(): Promise<Answered> } {
  const times: number[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      times.push(await timeOf(proxy, path));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await asking;
      return answered(name, times);
    },
  };
}

async function timeOf(proxy: ProxyProcess, path: string): Promise<number> {
  const beganMs = performance.now();
  await get(proxy, path);
  return performance.now() - beganMs;
}

async function get({ url, apiKey }: ProxyProcess, path: string): Promise<string> {
  const response = await fetch(url + path, { headers: { "x-api-key": apiKey } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return text;
}

function answered(name: string, times: readonly number[]): Answered {
  const sorted = times.toSorted((one, other) => one - other);
  return { name, p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95), maxMs: percentile(sorted, 100) };
}
