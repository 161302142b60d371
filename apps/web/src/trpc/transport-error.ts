const codes = { 401: "UNAUTHORIZED", 502: "BAD_GATEWAY" } as const;
const jsonRpcCodes = { 401: -32001, 502: -32603 } as const;

/** An error of the way to the proxy, in tRPC's shape, so that the client reads it like every other error. */
export function transportError({ status, message }: { status: 401 | 502; message: string }): Response {
  const error = { message, code: jsonRpcCodes[status], data: { code: codes[status], httpStatus: status } };
  return Response.json({ error }, { status, headers: { "cache-control": "no-store" } });
}

/** True when the proxy does not know the session (any more). */
export function tellsOfStaleSession(response: Response): boolean {
  return response.status === 401;
}

/** What the browser and the pages get then, whatever shape the proxy's own answer has. */
export function staleSessionAnswer(): Response {
  return transportError({
    status: 401,
    message: "The browser session has ended. Run `mcpproxy login` for a new link.",
  });
}
