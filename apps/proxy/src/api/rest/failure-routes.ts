import { Hono } from "hono";
import {
  acknowledgementSchema,
  assignmentSchema,
  failureNoteSchema,
  failureQuerySchema,
  failureRunsSchema,
  fingerprintSchema,
  snoozeSchema,
} from "../failure-query.ts";
import { acknowledgeFailures } from "../services/acknowledge-failures.ts";
import { assignFailures } from "../services/assign-failures.ts";
import { findFailure } from "../services/find-failure.ts";
import { listFailureRuns } from "../services/list-failure-runs.ts";
import { listFailures } from "../services/list-failures.ts";
import { noteFailures } from "../services/note-failures.ts";
import { reopenFailures } from "../services/reopen-failures.ts";
import { snoozeFailures } from "../services/snooze-failures.ts";
import { bodyOf, ok, parse, type RestBindings, type RestContext } from "./respond.ts";

/** `/failures`: groups of runs that failed in the same way, and what people decide about them. */
export function failureRoutes(): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>();
  app.get("/", async (c) => c.json(ok(await listFailures(c.env.context, parse(failureQuerySchema, queryOf(c))))));
  app.get("/:id", async (c) => c.json(ok(await findFailure(c.env.context, fingerprintOf(c)))));
  app.get("/:id/runs", async (c) => {
    const { limit } = parse(failureRunsSchema, c.req.query());
    return c.json(ok({ runs: await listFailureRuns(c.env.context, { fingerprint: fingerprintOf(c), limit }) }));
  });
  app.post("/:id/acknowledge", async (c) => {
    const { note } = parse(acknowledgementSchema, (await bodyOf(c.req.raw)) ?? {});
    return c.json(ok(await acknowledgeFailures(c.env.context, { fingerprint: fingerprintOf(c), note })));
  });
  app.post("/:id/reopen", async (c) =>
    c.json(ok(await reopenFailures(c.env.context, { fingerprint: fingerprintOf(c) }))),
  );
  app.post("/:id/snooze", async (c) => {
    const { time } = parse(snoozeSchema, await bodyOf(c.req.raw));
    return c.json(ok(await snoozeFailures(c.env.context, { fingerprint: fingerprintOf(c), time })));
  });
  app.post("/:id/assign", async (c) => {
    const { assignee } = parse(assignmentSchema, await bodyOf(c.req.raw));
    return c.json(ok(await assignFailures(c.env.context, { fingerprint: fingerprintOf(c), assignee })));
  });
  app.post("/:id/note", async (c) => {
    const { note } = parse(failureNoteSchema, await bodyOf(c.req.raw));
    return c.json(ok(await noteFailures(c.env.context, { fingerprint: fingerprintOf(c), note })));
  });
  return app;
}

function fingerprintOf(c: RestContext): string {
  return parse(fingerprintSchema, { fingerprint: c.req.param("id") }).fingerprint;
}

/** `?state=open&state=snoozed` and `?state=open,snoozed` are the same. */
function queryOf(c: RestContext): Record<string, unknown> {
  const { limit, ...lists } = c.req.queries();
  const split = Object.entries(lists).map(([name, texts]) => [name, texts.flatMap((text) => text.split(","))]);
  return { ...Object.fromEntries(split), ...(limit === undefined ? {} : { limit: limit.at(-1) }) };
}
