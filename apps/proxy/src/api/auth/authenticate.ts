import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { BrowserLogin } from "./browser-login.ts";

export const sessionCookie = "mcpproxy_session";

export interface Authenticator {
  /** Who asks: "api key", "dashboard"; undefined when nobody may tell. */
  actorOf(request: IncomingMessage): Promise<string | undefined>;
}

export function createAuthenticator(apiKey: string, login: BrowserLogin): Authenticator {
  const expected = digest(apiKey);
  const isKey = (given: string | undefined): boolean => given !== undefined && timingSafeEqual(digest(given), expected);
  return {
    async actorOf(request) {
      if (keysOf(request).some(isKey)) return "api key";
      const secret = cookieOf(request, sessionCookie);
      // The cookie comes through the dashboard's own server, which sends no Origin; a page of another port would.
      if (secret !== undefined && request.headers.origin === undefined && (await login.isValid(secret)))
        return "dashboard";
      return undefined;
    },
  };
}

function keysOf(request: IncomingMessage): readonly (string | undefined)[] {
  const { authorization } = request.headers;
  const header = request.headers["x-api-key"];
  const bearer = authorization?.startsWith("Bearer ") === true ? authorization.slice("Bearer ".length) : undefined;
  const query = new URL(request.url ?? "/", "http://localhost").searchParams.get("apikey") ?? undefined;
  return [typeof header === "string" ? header : undefined, bearer, query];
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}

/** Digests have one length, so that comparing them tells nothing about the key's. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
