import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** Who may pull: nobody, a user with a password, or the owner of an identity token (by way of a token endpoint). */
export type RegistryLogin =
  | { readonly kind: "forbidden" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string };

const accessToken = "made-up-access-token";

/** True when the request may go on; else it has been answered. */
export async function admit(
  login: RegistryLogin | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (login === undefined) return true;
  if (request.url?.startsWith("/token")) {
    await answerToken(login, request, response);
    return false;
  }
  if (login.kind !== "forbidden" && request.headers.authorization === expectedHeader(login)) return true;
  refuse(response, login.kind === "forbidden" ? undefined : challengeOf(login, request.headers.host ?? ""));
  return false;
}

function expectedHeader(login: Exclude<RegistryLogin, { kind: "forbidden" }>): string {
  if (login.kind === "identity-token") return `Bearer ${accessToken}`;
  return `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
}

function challengeOf(login: RegistryLogin, host: string): string {
  return login.kind === "identity-token"
    ? `Bearer realm="http://${host}/token",service="loopback"`
    : `Basic realm="loopback"`;
}

function refuse(response: ServerResponse, challenge: string | undefined): void {
  const body = JSON.stringify({ errors: [{ code: "DENIED", message: "requested access to the resource is denied" }] });
  response
    .writeHead(challenge === undefined ? 403 : 401, {
      "content-type": "application/json",
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
    })
    .end(body);
}

async function answerToken(login: RegistryLogin, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await text(request));
  const isKnown = login.kind === "identity-token" && form.get("refresh_token") === login.token;
  if (isKnown) response.writeHead(200, { "content-type": "application/json" });
  else response.writeHead(401);
  response.end(isKnown ? JSON.stringify({ access_token: accessToken, expires_in: 300 }) : undefined);
}
