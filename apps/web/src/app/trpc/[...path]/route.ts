import { environment } from "../../../environment.ts";
import { forwardToProxy } from "../../../trpc/forward-to-proxy.ts";

export const dynamic = "force-dynamic";

function forward(request: Request): Promise<Response> {
  return forwardToProxy({ request, proxyUrl: environment.proxyUrl });
}

export const GET = forward;
export const POST = forward;
