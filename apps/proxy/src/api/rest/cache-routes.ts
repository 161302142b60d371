import { Hono } from "hono";
import { z } from "zod";
import type { CacheSelection, PrunedCaches } from "../../caches/cache-record.ts";
import { AppError } from "../../app-error.ts";
import { cacheSelectionSchema } from "../cache-selection.ts";
import { pruneCaches } from "../services/prune-caches.ts";
import type { RestBindings } from "./respond.ts";

/** `/caches`: list them, remove one server's, remove several. */
export function cacheRoutes(): Hono<{ Bindings: RestBindings }> {
  const app = new Hono<{ Bindings: RestBindings }>();
  app.get("/", async (c) => c.json({ success: true, data: await c.env.context.caches.list() }));
  app.delete("/:server", async (c) => {
    const pruned = await pruneCaches(c.env.context, { kind: "servers", names: [c.req.param("server")] });
    return c.json({ success: true, data: refuseKept(pruned) });
  });
  app.post("/prune", async (c) => {
    const selection = parseSelection(await c.req.text());
    return c.json({ success: true, data: await pruneCaches(c.env.context, selection) });
  });
  return app;
}

function refuseKept(pruned: PrunedCaches): PrunedCaches {
  const [kept] = pruned.kept;
  if (kept === undefined) return pruned;
  throw new AppError("cache_in_use", `The cache of ${kept.cache.server} was not removed. ${kept.reason}`);
}

function parseSelection(body: string): CacheSelection {
  const parsed = cacheSelectionSchema.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", z.prettifyError(parsed.error));
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError("invalid_request", 'The body is not JSON. Send {"kind": "orphaned"}, for example.', { cause });
  }
}
