import { Hono } from "hono";
import { z } from "zod";
import { isolationPatchSchema, toChanges } from "../isolation-changes.ts";
import { callStatsQuerySchema } from "../run-query.ts";
import { changeServerIsolation, restartServer, startServer, stopServer } from "../services/act-on-server.ts";
import { serverCallStats } from "../services/call-stats.ts";
import { setServerEnabled } from "../services/edit-servers.ts";
import { examineServer } from "../services/examine-server.ts";
import { findServer } from "../services/find-server.ts";
import { logResponse } from "./log-response.ts";
import { bodyOf, ok, parse, type RestBindings, type RestContext } from "./respond.ts";

const noteSchema = z.object({ note: z.string().max(500).optional() }).optional();

/** `/servers`: what is configured, what it does, and what to do with it. */
export function serverRoutes(): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>();
  app.get("/", (c) => c.json(ok({ servers: c.env.context.servers.list() })));
  app.get("/:name", (c) => c.json(ok(findServer(c.env.context, c.req.param("name")))));
  app.get("/:name/logs", (c) => logResponse(c, { name: serverName(c) }));
  app.get("/:name/tools/stats", async (c) => {
    const hours = parse(callStatsQuerySchema, c.req.query());
    return c.json(ok(await serverCallStats(c.env.context, { server: serverName(c), ...hours })));
  });
  app.get("/:name/plan", (c) => c.json(ok(c.env.context.servers.plan(serverName(c)))));
  app.get("/:name/doctor", async (c) =>
    c.json(ok(await examineServer(c.env.context, { name: serverName(c), shouldTry: false }))),
  );
  // Starts a server that does not run, so it is no GET.
  app.post("/:name/doctor", async (c) =>
    c.json(ok(await examineServer(c.env.context, { name: serverName(c), shouldTry: true }))),
  );
  app.patch("/:name/isolation", async (c) => {
    const changes = toChanges(parse(isolationPatchSchema, await bodyOf(c.req.raw)));
    const name = serverName(c);
    await changeServerIsolation(c.env.context, { name, changes });
    return c.json(ok(c.env.context.servers.plan(name)));
  });
  app.post("/:name/enable", async (c) =>
    c.json(ok(await setServerEnabled(c.env.context, { name: serverName(c), isEnabled: true }))),
  );
  app.post("/:name/disable", async (c) =>
    c.json(ok(await setServerEnabled(c.env.context, { name: serverName(c), isEnabled: false }))),
  );
  app.post("/:name/start", async (c) => c.json(ok(await startServer(c.env.context, { name: serverName(c) }))));
  app.post("/:name/stop", async (c) => c.json(ok(await stopServer(c.env.context, await actionOf(c)))));
  app.post("/:name/restart", async (c) => c.json(ok(await restartServer(c.env.context, await actionOf(c)))));
  return app;
}

async function actionOf(c: RestContext): Promise<{ readonly name: string; readonly note: string | undefined }> {
  const name = serverName(c);
  return { name, note: parse(noteSchema, await bodyOf(c.req.raw))?.note };
}

function serverName(c: RestContext): string {
  return findServer(c.env.context, c.req.param("name") ?? "").name;
}
