import { NextResponse, type NextRequest } from "next/server";
import { environment } from "./environment.ts";
import { judgeRequest } from "./security/judge-request.ts";
import { securityHeaders } from "./security/security-headers.ts";

/** Runs before every route: rejects foreign hosts and origins, sets the security headers, hands login links to their handler. */
export function proxy(request: NextRequest): Response {
  const headers = securityHeaders(Buffer.from(crypto.randomUUID()).toString("base64"));
  const judgement = judgeRequest({
    host: request.headers.get("host"),
    origin: request.headers.get("origin"),
    allowedHosts: environment.allowedHosts,
  });
  if (judgement.kind === "rejected") {
    return new NextResponse(`403 Forbidden. ${judgement.message}\n`, {
      status: 403,
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
    });
  }
  return withHeaders(continueRequest(request, headers), headers);
}

function continueRequest(request: NextRequest, headers: Readonly<Record<string, string>>): NextResponse {
  const requestHeaders = new Headers(request.headers);
  requestHeaders.set("content-security-policy", headers["content-security-policy"] ?? "");
  const init = { request: { headers: requestHeaders } };
  // A page and a route handler cannot share /login, and the page must stay free of the token.
  if (request.nextUrl.pathname === "/login" && request.nextUrl.searchParams.has("token")) {
    const url = request.nextUrl.clone();
    url.pathname = "/session/start";
    return NextResponse.rewrite(url, init);
  }
  return NextResponse.next(init);
}

function withHeaders(response: NextResponse, headers: Readonly<Record<string, string>>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
