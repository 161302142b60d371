import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { AppError, appErrorCodes, type AppErrorCode } from "../../app-error.ts";
import { StoreError } from "../../store/store-error.ts";
import type { BrowserLogin } from "../auth/browser-login.ts";
import { cacheRoutes } from "./cache-routes.ts";
import { errorBody } from "../http/send-json.ts";
import { isolationPatchSchema, toChanges } from "../isolation-changes.ts";
import { runQuerySchema } from "../run-query.ts";
import type { ApiContext } from "../services/context.ts";
import { examineAll } from "../services/examine-all.ts";
import { examineServer } from "../services/examine-server.ts";
import { findRun } from "../services/find-run.ts";
import { listRuns } from "../services/list-runs.ts";
import { findServer } from "../services/find-server.ts";

export interface RestOptions {
  readonly login: BrowserLogin;
  /** Where the one-time link of `mcpproxy login` leads. */
  readonly dashboardUrl: string;
  onUnexpected(error: unknown): void;
}

/** The actor is undefined for the few routes that need none. */
export interface RestBindings {
  readonly context: ApiContext;
}

/** Far more than a note or a query needs. Also those who have no key may send a body, to redeem a login link. */
export const maxApiBodyBytes = 1024 * 1024;
const noteSchema = z.object({ note: z.string().max(500).optional() }).optional();
const tailSchema = z.object({ lines: z.coerce.number().int().min(1).max(1_000).default(200) });
const trySchema = z.object({ try: z.enum(["true", "false"]).default("false") });
const tokenSchema = z.object({ token: z.string().max(200) });

/** REST under /api/v1. Authentication has been seen to, except for redeeming a one-time token, which is one. */
export function createRestApp(options: RestOptions): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>().basePath("/api/v1");
  app.use(bodyLimit({ maxSize: maxApiBodyBytes, onError: refuseBody }));

  app.get("/status", (c) => c.json(ok(c.env.context.status())));
  app.get("/docker/status", (c) => c.json(ok(c.env.context.status().engine)));
  app.get("/docker/contexts", async (c) => c.json(ok({ contexts: await c.env.context.contexts() })));

  app.get("/servers", (c) => c.json(ok({ servers: c.env.context.servers.list() })));
  app.get("/servers/:name", (c) => c.json(ok(findServer(c.env.context, c.req.param("name")))));
  app.get("/servers/:name/logs", async (c) => {
    const { name } = findServer(c.env.context, c.req.param("name"));
    const { lines } = parse(tailSchema, c.req.query());
    return c.json(ok({ lines: await c.env.context.servers.logTail(name, lines) }));
  });
  app.get("/servers/:name/plan", (c) => c.json(ok(c.env.context.servers.plan(serverName(c)))));
  app.get("/servers/:name/doctor", async (c) => {
    const { try: shouldTry } = parse(trySchema, c.req.query());
    return c.json(ok(await examineServer(c.env.context, { name: serverName(c), shouldTry: shouldTry === "true" })));
  });
  app.get("/doctor", async (c) => c.json(ok(await examineAll(c.env.context))));
  app.patch("/servers/:name/isolation", async (c) => {
    const changes = toChanges(parse(isolationPatchSchema, await bodyOf(c.req.raw)));
    const name = serverName(c);
    await c.env.context.servers.changeIsolation(name, changes);
    return c.json(ok(c.env.context.servers.plan(name)));
  });
  app.post("/servers/:name/start", (c) => {
    const { name } = findServer(c.env.context, c.req.param("name"));
    c.env.context.servers.start(name);
    return c.json(ok(findServer(c.env.context, name)));
  });
  app.post("/servers/:name/:action{stop|restart}", async (c) => {
    const { context } = c.env;
    const { name } = findServer(context, c.req.param("name"));
    const note = parse(noteSchema, await bodyOf(c.req.raw))?.note;
    if (c.req.param("action") === "stop") await context.servers.stop(name, { actor: context.actor, note });
    else await context.servers.restart(name, { actor: context.actor, note });
    return c.json(ok(findServer(context, name)));
  });

  app.get("/runs", async (c) => {
    const { q, ...query } = c.req.query();
    return c.json(ok(await listRuns(c.env.context, parse(runQuerySchema, { ...query, text: q }))));
  });
  app.get("/runs/:id", async (c) => c.json(ok(await findRun(c.env.context, c.req.param("id")))));
  app.get("/runs/:id/events", async (c) => {
    const { id } = await findRun(c.env.context, c.req.param("id"));
    return c.json(ok({ events: await c.env.context.store.runs.events(id) }));
  });
  app.get("/runs/:id/samples", async (c) => {
    const { id } = await findRun(c.env.context, c.req.param("id"));
    return c.json(ok({ samples: await c.env.context.store.runs.samples(id) }));
  });
  app.get("/runs/:id/logs", async (c) => {
    const { stderrTail } = await findRun(c.env.context, c.req.param("id"));
    return c.json(ok({ lines: stderrTail }));
  });

  app.route("/caches", cacheRoutes());

  app.post("/login-links", (c) => {
    const url = new URL("/login", options.dashboardUrl);
    url.searchParams.set("token", options.login.createToken());
    return c.json(ok({ url: url.href }));
  });
  app.post("/browser-sessions", async (c) => {
    const { token } = parse(tokenSchema, await bodyOf(c.req.raw));
    const session = await options.login.redeem(token);
    if (session === undefined) {
      throw new AppError("unauthorized", "This login link was used or has expired. `mcpproxy login` prints a new one.");
    }
    return c.json(ok(session));
  });

  app.notFound((c) =>
    c.json(errorBody(new AppError("not_found", `${c.req.method} ${c.req.path} does not exist.`)), 404),
  );
  app.onError((error, c) => {
    const known = toAppError(error);
    if (known.code === "internal") options.onUnexpected(error);
    return c.json(errorBody(known), appErrorCodes[known.code].httpStatus);
  });
  return app;
}

function serverName(c: Context<{ Bindings: RestBindings }>): string {
  return findServer(c.env.context, c.req.param("name") ?? "").name;
}

function refuseBody(): never {
  throw new AppError("invalid_request", `The body is larger than ${maxApiBodyBytes} bytes.`);
}

function ok<Data>(data: Data): { success: true; data: Data } {
  return { success: true, data };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", z.prettifyError(parsed.error));
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_request", "The body is not JSON.", { cause });
  }
}

function toAppError(error: Error): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof StoreError && error.code === "invalid_cursor")
    return new AppError("invalid_request", error.message, { cause: error });
  const code: AppErrorCode = "internal";
  return new AppError(code, "MCPProxy failed to answer; see main.log.", { cause: error });
}
