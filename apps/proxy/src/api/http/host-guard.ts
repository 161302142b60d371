import type { IncomingMessage } from "node:http";
import { AppError } from "../../app-error.ts";

const loopbackNames: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

export function isLoopbackHost(host: string): boolean {
  return loopbackNames.has(host) || host === "::1";
}

/**
 * Refuses requests that reach us under a foreign name (DNS rebinding) or from a foreign page. Throws AppError (403).
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export function checkHostAndOrigin(request: IncomingMessage, allowedHosts: ReadonlySet<string>): void {
  const { host, origin } = request.headers;
  const isAllowed = (name: string): boolean => loopbackNames.has(name) || allowedHosts.has(name);
  // Of two, parsers on the way may have believed the other; https://datatracker.ietf.org/doc/html/rfc9112#section-3.2
  if (hostHeadersOf(request) > 1) throw new AppError("forbidden_host", "The request has more than one Host header.");
  const hostName = host === undefined ? undefined : nameOf(`http://${host}`);
  if (hostName === undefined || !isAllowed(hostName)) {
    throw new AppError(
      "forbidden_host",
      `The Host header "${host ?? ""}" is not one that MCPProxy answers to; use 127.0.0.1 or localhost, or name the host in MCPPROXY_ALLOWED_HOSTS.`,
    );
  }
  if (origin === undefined) return;
  const originName = nameOf(origin);
  if (originName === undefined || !isAllowed(originName)) {
    throw new AppError("forbidden_origin", `Pages of the origin "${origin}" may not talk to MCPProxy.`);
  }
}

function nameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function hostHeadersOf({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === "host") count += 1;
  return count;
}
