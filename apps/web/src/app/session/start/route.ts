import { cookies } from "next/headers";
import { environment } from "../../../environment.ts";
import { exchangeLoginToken } from "../../../session/exchange-login-token.ts";
import { sessionCookieName } from "../../../session/session-cookie.ts";

/** Opens a browser session from a one-time link; reached as /login?token=…, see proxy.ts. */
export async function GET(request: Request): Promise<Response> {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const exchange = await exchangeLoginToken({ proxyUrl: environment.proxyUrl, token });
  if (exchange.kind !== "signed-in") return seeOther(`/login?problem=${exchange.kind}`);
  const cookieStore = await cookies();
  cookieStore.set(sessionCookieName, exchange.secret, {
    httpOnly: true,
    sameSite: "strict",
    path: "/",
    expires: exchange.expiresAt,
  });
  return seeOther("/overview");
}

/** Link previews ask with HEAD; they must not use up the link. */
export function HEAD(): Response {
  return new Response(null, { status: 204 });
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}
