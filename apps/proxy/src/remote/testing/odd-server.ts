import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";

export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON-RPC message of a POST. */
  readonly message: Readonly<Record<string, unknown>> | undefined;
}

export interface OddServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly OddRequest[];
}

/** A server that answers each request as the test wants. */
export async function startOddServer(
  answer: (request: OddRequest, response: ServerResponse) => void,
  tls?: { readonly key: string; readonly cert: string },
): Promise<OddServer> {
  const requests: OddRequest[] = [];
  const take = (incoming: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const message = body === "" ? undefined : JSON.parse(body);
      const { method = "", url: path = "", headers } = incoming;
      const request = { method, path, headers, message };
      requests.push(request);
      answer(request, response);
    });
  };
  const server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    url: tls === undefined ? `http://127.0.0.1:${address.port}` : `https://localhost:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers with JSON. */
export function reply(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

/** Answers initialize, and everything else with what the test says; undefined for a 202. */
export function replyAsServer(
  { method, message }: OddRequest,
  response: ServerResponse,
  results: (name: unknown) => object | undefined,
): void {
  const name = message?.["method"];
  const id = message?.["id"];
  if (method !== "POST") reply(response, 405);
  else if (id === undefined || name === undefined) reply(response, 202);
  else if (name === "server/discover")
    reply(response, 200, { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } });
  else if (name === "initialize") {
    const serverInfo = { name: "odd", version: "1" };
    const result = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo };
    reply(response, 200, { jsonrpc: "2.0", id, result });
  } else reply(response, 200, { jsonrpc: "2.0", id, ...results(name) });
}
