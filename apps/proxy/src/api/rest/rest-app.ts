import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { AppError, appErrorCodes } from "../../app-error.ts";
import { metricsMediaType } from "../../metrics/metric-family.ts";
import type { BrowserLogin } from "../auth/browser-login.ts";
import { errorBody } from "../http/send-json.ts";
import { eventStream, textStream } from "../http/text-stream.ts";
import { toKnownError } from "../known-error.ts";
import { auditQuerySchema } from "../run-query.ts";
import { adviseLimits } from "../services/advise-limits.ts";
import { examineAll } from "../services/examine-all.ts";
import { overview } from "../services/overview.ts";
import { cacheRoutes } from "./cache-routes.ts";
import { changeEvents } from "./change-events.ts";
import { bodyOf, ok, parse, type RestBindings } from "./respond.ts";
import { failureRoutes } from "./failure-routes.ts";
import { runRoutes } from "./run-routes.ts";
import { serverRoutes } from "./server-routes.ts";

export interface RestOptions {
  readonly login: BrowserLogin;
  /** Where the one-time link of `mcpproxy login` leads. */
  readonly dashboardUrl: string;
  onUnexpected(error: unknown): void;
}

/** Far more than a note or a query needs. Also those who have no key may send a body, to redeem a login link. */
export const maxApiBodyBytes = 1024 * 1024;
const tokenSchema = z.object({ token: z.string().max(200) });
const outageQuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) });

/**
 * REST under /api/v1, /events and /metrics. Authentication has been seen to, except for redeeming a one-time token,
 * which is one.
 */
export function createRestApp(options: RestOptions): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>();
  app.use(bodyLimit({ maxSize: maxApiBodyBytes, onError: refuseBody }));
  app.route("/api/v1", apiRoutes(options));
  app.get("/metrics", (c) => c.body(c.env.context.metrics(), 200, { "content-type": metricsMediaType }));
  app.get("/events", (c) => {
    const from = c.req.header("last-event-id") ?? c.req.query("lastEventId");
    const changes = c.env.context.changes.follow(from, c.req.raw.signal);
    return c.body(textStream(eventStream(changeEvents(changes))), 200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
    });
  });
  app.notFound((c) =>
    c.json(errorBody(new AppError("not_found", `${c.req.method} ${c.req.path} does not exist.`)), 404),
  );
  app.onError((error, c) => {
    const known =
      toKnownError(error) ?? new AppError("internal", "MCPProxy failed to answer; see main.log.", { cause: error });
    if (known.code === "internal") options.onUnexpected(error);
    return c.json(errorBody(known), appErrorCodes[known.code].httpStatus);
  });
  return app;
}

function apiRoutes({ login, dashboardUrl }: RestOptions): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>();
  app.get("/status", (c) => c.json(ok(c.env.context.status())));
  app.get("/docker/status", (c) => c.json(ok(c.env.context.status().engine)));
  app.get("/docker/contexts", async (c) => c.json(ok({ contexts: await c.env.context.contexts() })));
  app.get("/docker/outages", async (c) => {
    const { limit } = parse(outageQuerySchema, c.req.query());
    return c.json(ok({ outages: await c.env.context.store.outages.list(limit) }));
  });
  app.get("/doctor", async (c) => c.json(ok(await examineAll(c.env.context))));
  app.get("/audit", async (c) => {
    const { cursor, ...query } = parse(auditQuerySchema, c.req.query());
    return c.json(ok(await c.env.context.store.audit.list({ ...query, before: cursor })));
  });
  app.route("/servers", serverRoutes());
  app.route("/runs", runRoutes());
  app.route("/failures", failureRoutes());
  app.get("/overview", async (c) => c.json(ok(await overview(c.env.context))));
  app.get("/limit-advice", async (c) => c.json(ok({ limits: await adviseLimits(c.env.context) })));
  app.route("/caches", cacheRoutes());

  app.post("/login-links", (c) => {
    const url = new URL("/login", dashboardUrl);
    url.searchParams.set("token", login.createToken());
    return c.json(ok({ url: url.href }));
  });
  app.post("/browser-sessions", async (c) => {
    const { token } = parse(tokenSchema, await bodyOf(c.req.raw));
    const session = await login.redeem(token);
    if (session === undefined) {
      throw new AppError("unauthorized", "This login link was used or has expired. `mcpproxy login` prints a new one.");
    }
    return c.json(ok(session));
  });
  return app;
}

function refuseBody(): never {
  throw new AppError("invalid_request", `The body is larger than ${maxApiBodyBytes} bytes.`);
}
