import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defaultLimits, type LimitValues } from "@mcpproxy/config-schema/config";
import type { Endpoint } from "../../../runs/connection.ts";
import type { Handshake } from "../../../runs/handshake.ts";
import { fakeServer, legacyHandshake, type FakeServer } from "../../modern/testing/fake-server.ts";
import { HttpSessions, type HttpSession } from "../http-sessions.ts";
import { handleMcp } from "../mcp-front.ts";

export interface HttpFront extends AsyncDisposable {
  readonly url: string;
  readonly server: FakeServer;
  readonly sessions: HttpSessions;
  sessionOf(id: string): HttpSession | undefined;
  /** What became events of the run. */
  readonly notes: readonly string[];
}

/** The front on a real port, at /mcp/s; the server behind it is the test itself. */
export async function openHttpFront(limits: Partial<LimitValues> = {}): Promise<HttpFront> {
  const server = fakeServer();
  const notes: string[] = [];
  const endpoint = fakeEndpoint(server, { notes, handshake: legacyHandshake });
  const sessions = new HttpSessions(() => ({ ...defaultLimits, ...limits }));
  const endpoints = { find: (name: string) => (name === "s" ? endpoint : undefined), names: () => ["s"] };
  const http = createServer((request, response) => {
    const serverName = (request.url ?? "").split("?")[0]?.slice("/mcp/".length) ?? "";
    void handleMcp(request, response, { endpoints, sessions, serverName });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  http.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${portOf(http.address())}/mcp/s`,
    server,
    sessions,
    sessionOf: (id) => sessions.find(id, endpoint),
    notes,
    async [Symbol.asyncDispose]() {
      sessions.close();
      const closed = Promise.withResolvers<void>();
      http.close(() => closed.resolve());
      http.closeAllConnections();
      await closed.promise;
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function fakeEndpoint(
  { bridge }: FakeServer,
  { notes, handshake }: { readonly notes: string[]; readonly handshake: Handshake },
): Endpoint {
  return {
    name: "s",
    isRetired: false,
    noteLimitExceeded: (reason) => void notes.push(reason),
    connect(session) {
      let isOver = false;
      bridge.addSession(session);
      return {
        bridge,
        isReady: true,
        get isOver() {
          return isOver;
        },
        ensureReady: () => Promise.resolve(handshake),
        reportBug(error) {
          throw error;
        },
        close() {
          isOver = true;
          bridge.removeSession(session);
        },
      };
    },
  };
}
