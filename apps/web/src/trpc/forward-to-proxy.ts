import { sessionCookieName } from "../session/session-cookie.ts";
import { staleSessionAnswer, tellsOfStaleSession, transportError } from "./transport-error.ts";

const forwardedHeaders = ["content-type", "accept", "last-event-id", "trpc-accept", "x-trpc-source", "trpc-batch-mode"];

export interface ForwardRequest {
  readonly request: Request;
  readonly proxyUrl: string;
  /** Where the proxy has it, when not under the same path. */
  readonly path?: string;
}

/** Sends a request of the browser to the proxy with our session cookie only, and streams the answer back. */
export async function forwardToProxy({ request, proxyUrl, path }: ForwardRequest): Promise<Response> {
  const url = new URL(request.url);
  const body = request.method === "POST" ? await request.arrayBuffer() : undefined;
  let upstream: Response;
  try {
    upstream = await fetch(`${proxyUrl}${path ?? url.pathname}${url.search}`, {
      method: request.method,
      headers: upstreamHeaders(request.headers),
      ...(body === undefined ? {} : { body }),
      signal: request.signal,
      cache: "no-store",
      redirect: "manual",
    });
  } catch {
    return transportError({
      status: 502,
      message: `Cannot reach MCPProxy at ${proxyUrl}. Is "mcpproxy serve" running?`,
    });
  }
  if (tellsOfStaleSession(upstream)) {
    await upstream.body?.cancel();
    return staleSessionAnswer();
  }
  return new Response(upstream.body, { status: upstream.status, headers: answerHeaders(upstream.headers) });
}

function upstreamHeaders(headers: Headers): Headers {
  const result = new Headers();
  for (const name of forwardedHeaders) {
    const value = headers.get(name);
    if (value !== null) result.set(name, value);
  }
  const session = readCookie(headers.get("cookie") ?? "", sessionCookieName);
  if (session !== undefined) result.set("cookie", `${sessionCookieName}=${session}`);
  return result;
}

function readCookie(header: string, name: string): string | undefined {
  const pair = header.split(/;\s*/).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

function answerHeaders(headers: Headers): Headers {
  const contentType = headers.get("content-type") ?? "application/json";
  const result = new Headers({ "content-type": contentType });
  const disposition = headers.get("content-disposition");
  if (disposition !== null) result.set("content-disposition", disposition);
  const isStream = contentType.startsWith("text/event-stream");
  // no-transform keeps the web server from compressing, and so buffering, the stream.
  result.set("cache-control", isStream ? "no-cache, no-transform" : "no-store");
  if (isStream) result.set("x-accel-buffering", "no");
  return result;
}
