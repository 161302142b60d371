import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { z } from "zod";
import { logStreams } from "../../logs/server-log-line.ts";
import { eventStream, textStream } from "../http/text-stream.ts";
import { followLog, readLog } from "../services/read-log.ts";
import { ok, parse, type RestContext } from "./respond.ts";

const logQuerySchema = z.object({
  lines: z.coerce.number().int().min(1).max(10_000).default(200),
  stream: z.enum(logStreams).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  follow: z.enum(["true", "false"]).default("false"),
});

/** A server's log, or what of it belongs to a run: the end as JSON, or with `follow` lines without end, plain or as SSE. */
export async function logResponse(
  c: RestContext,
  { name, run }: { readonly name: string; readonly run?: RunRecord },
): Promise<Response> {
  const { follow, ...query } = parse(logQuerySchema, c.req.query());
  const request = {
    name,
    ...query,
    since: query.since ?? run?.startedAt,
    // The line that tells a run's end is written a moment after it.
    until: run?.endedAt == null ? undefined : new Date(Date.parse(run.endedAt) + 5_000).toISOString(),
  };
  const { context } = c.env;
  if (follow === "false") return c.json(ok({ lines: await readLog(context, request) }));
  const lines = followLog(context, { ...request, signal: c.req.raw.signal, endOfRun: run });
  const isEvents = c.req.header("accept")?.includes("text/event-stream") === true;
  return c.body(textStream(isEvents ? eventStream(asEvents(lines)) : withLineEnds(lines)), 200, {
    "content-type": isEvents ? "text/event-stream" : "text/plain; charset=utf-8",
    "cache-control": "no-cache",
  });
}

async function* asEvents(lines: AsyncGenerator<string>): AsyncGenerator<{ readonly data: string }> {
  for await (const data of lines) yield { data };
}

async function* withLineEnds(lines: AsyncGenerator<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
