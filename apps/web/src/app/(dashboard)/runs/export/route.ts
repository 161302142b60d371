import { environment } from "../../../../environment.ts";
import { forwardToProxy } from "../../../../trpc/forward-to-proxy.ts";

export const dynamic = "force-dynamic";

/** The runs of a filter as a file, streamed: `format` is csv, json or ndjson. */
export function GET(request: Request): Promise<Response> {
  return forwardToProxy({ request, proxyUrl: environment.proxyUrl, path: "/api/v1/runs/export" });
}
