import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { freePort } from "../../harness/free-port.ts";
import type { ServerEra } from "../combination.ts";
import { legacyEndpoint } from "./legacy-endpoint.ts";
import { parseMessage, versionKey, type Message } from "./message.ts";
import { modernEndpoint } from "./modern-endpoint.ts";

const legacyVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/** The fixture behind HTTP, without MCPProxy: tells whether a failure is the fixture's own. */
export interface HttpShim {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the fixture over Streamable HTTP in both eras, as plainly as the specification allows. */
export async function startHttpShim(era: ServerEra): Promise<HttpShim> {
  const port = await freePort();
  const endpoints = { legacy: legacyEndpoint(era), modern: modernEndpoint(era) };
  const server = createServer((request, response) => void handle({ request, response, port, endpoints }));
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await Promise.all([endpoints.legacy.stop(), endpoints.modern.stop()]);
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly port: number;
  readonly endpoints: {
    readonly legacy: ReturnType<typeof legacyEndpoint>;
    readonly modern: ReturnType<typeof modernEndpoint>;
  };
}

async function handle({ request, response, port, endpoints: { legacy, modern } }: Exchange): Promise<void> {
  if (!isLocal(request, port)) return void response.writeHead(403).end();
  const sessionId = request.headers["mcp-session-id"]?.toString();
  if (request.method === "GET") return legacy.get({ sessionId, response });
  if (request.method === "DELETE") return legacy.remove({ sessionId, response });
  const message = parseMessage(await text(request));
  if (isLegacy(request, message)) return legacy.post({ message, sessionId, response });
  return modern.handle(message, { headers: request.headers, response });
}

/** Against DNS rebinding: a page of another origin must not reach this. */
function isLocal({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const isOwnOrigin = headers.origin === undefined || hosts.includes(headers.origin.replace("http://", ""));
  return hosts.includes(headers.host ?? "") && isOwnOrigin;
}

function isLegacy({ headers }: IncomingMessage, { params }: Message): boolean {
  const version = headers["mcp-protocol-version"]?.toString();
  return params?._meta?.[versionKey] === undefined && (version === undefined || legacyVersions.includes(version));
}
