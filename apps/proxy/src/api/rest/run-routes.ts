import { Hono } from "hono";
import { z } from "zod";
import { exportFormats, exportMediaTypes, exportRuns } from "../export/export-runs.ts";
import { textStream } from "../http/text-stream.ts";
import { diffQuerySchema, reviewSchema, runFilterSchema, runQuerySchema, toRunFilter } from "../run-query.ts";
import { runCallStats } from "../services/call-stats.ts";
import { countRunsOverTime } from "../services/count-runs-over-time.ts";
import { findReviewedRun, findRun } from "../services/find-run.ts";
import { listRuns } from "../services/list-runs.ts";
import { reviewRun } from "../services/review-run.ts";
import { runChanges } from "../services/run-changes.ts";
import { logResponse } from "./log-response.ts";
import type { RunFilter } from "../../store/store.ts";
import { bodyOf, ok, parse, type RestBindings, type RestContext } from "./respond.ts";

const formatSchema = z.object({ format: z.enum(exportFormats).default("json") });

/** `/runs`: the history. */
export function runRoutes(): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>();
  app.get("/", async (c) => {
    const query = toRunFilter(parse(runQuerySchema, runQueryOf(c)), Date.now());
    return c.json(ok(await listRuns(c.env.context, query)));
  });
  app.get("/histogram", async (c) =>
    c.json(ok(await countRunsOverTime(c.env.context, parse(runFilterSchema, runQueryOf(c))))),
  );
  app.get("/facets", async (c) => {
    const filter = filterOf(c);
    return c.json(ok(await c.env.context.store.runs.facets(filter)));
  });
  app.get("/export", (c) => {
    const { format } = parse(formatSchema, c.req.query());
    const filter = filterOf(c);
    const { runs } = c.env.context.store;
    return c.body(textStream(exportRuns({ runs, filter, format })), 200, {
      "content-type": exportMediaTypes[format],
      "content-disposition": `attachment; filename="mcpproxy-runs.${format}"`,
    });
  });
  app.get("/:id", async (c) => c.json(ok(await findReviewedRun(c.env.context, c.req.param("id")))));
  app.get("/:id/neighbours", async (c) => {
    const filter = filterOf(c);
    return c.json(ok(await c.env.context.store.runs.neighbours(c.req.param("id"), filter)));
  });
  app.get("/:id/events", async (c) => {
    const { id } = await findRun(c.env.context, c.req.param("id"));
    return c.json(ok({ events: await c.env.context.store.runs.events(id) }));
  });
  app.get("/:id/samples", async (c) => {
    const { id } = await findRun(c.env.context, c.req.param("id"));
    return c.json(ok({ samples: await c.env.context.store.runs.samples(id) }));
  });
  app.get("/:id/tools", async (c) => {
    const { id } = await findRun(c.env.context, c.req.param("id"));
    return c.json(ok({ tools: await runCallStats(c.env.context, id) }));
  });
  app.get("/:id/diff", async (c) => {
    const run = await findRun(c.env.context, c.req.param("id"));
    const { against } = parse(diffQuerySchema, c.req.query());
    return c.json(ok(await runChanges(c.env.context.store, { run, against })));
  });
  app.get("/:id/logs", async (c) => {
    const run = await findRun(c.env.context, c.req.param("id"));
    return c.req.query("follow") === "true"
      ? logResponse(c, { name: run.server, run })
      : c.json(ok({ lines: run.stderrTail }));
  });
  app.post("/:id/review", async (c) => {
    const judgement = parse(reviewSchema, await bodyOf(c.req.raw));
    return c.json(ok(await reviewRun(c.env.context, { id: c.req.param("id"), ...judgement })));
  });
  return app;
}

function filterOf(c: RestContext): RunFilter {
  return toRunFilter(parse(runFilterSchema, runQueryOf(c)), Date.now());
}

const severalValued = ["server", "verdict", "state", "image", "exitCode"];

/** `?server=a&server=b` and `?server=a,b` are the same; `q` is the text, `exit_code` the exit code; empty is left out. */
function runQueryOf(c: RestContext): Record<string, unknown> {
  const { q, exit_code: exitCode, ...values } = c.req.queries();
  const named = { ...values, ...(exitCode === undefined ? {} : { exitCode }), ...(q === undefined ? {} : { text: q }) };
  const given = Object.entries(named).flatMap(([name, texts]) => {
    const isList = severalValued.includes(name);
    const filled = (isList ? texts.flatMap((text) => text.split(",")) : texts).filter((text) => text !== "");
    return filled.length === 0 ? [] : [[name, isList ? filled : filled.at(-1)]];
  });
  return Object.fromEntries(given);
}
