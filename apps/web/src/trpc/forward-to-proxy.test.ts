import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { forwardToProxy } from "./forward-to-proxy.ts";

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  if (server !== undefined) await once(server, "close");
  server = undefined;
});

async function listen(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

test("forwards path, query and only our own cookie", async () => {
  let seen: IncomingMessage | undefined;
  const proxyUrl = await listen((request, response) => {
    seen = request;
    response.setHeader("content-type", "application/json").setHeader("set-cookie", "a=b").end("[]");
  });
  const request = new Request("http://127.0.0.1:3000/trpc/servers.list?batch=1", {
    headers: { cookie: "other=1; mcpproxy_session=secret; third=3", "x-api-key": "nope", authorization: "nope" },
  });
  const response = await forwardToProxy({ request, proxyUrl });
  expect(seen?.url).toBe("/trpc/servers.list?batch=1");
  expect(seen?.headers.cookie).toBe("mcpproxy_session=secret");
  expect(seen?.headers["x-api-key"]).toBeUndefined();
  expect(seen?.headers.authorization).toBeUndefined();
  expect(response.headers.get("set-cookie")).toBeNull();
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("streams events as they come and leaves the proxy when the browser leaves", async () => {
  const closed = Promise.withResolvers<void>();
  const proxyUrl = await listen((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
    request.on("close", () => closed.resolve());
  });
  const leaving = new AbortController();
  const request = new Request("http://127.0.0.1:3000/trpc/changes", { signal: leaving.signal });
  const response = await forwardToProxy({ request, proxyUrl });
  expect(response.headers.get("cache-control")).toContain("no-transform");
  const chunk = await response.body?.getReader().read();
  expect(new TextDecoder().decode(chunk?.value)).toBe("data: 1\n\n");
  leaving.abort();
  await closed.promise;
});

test("answers 502 in tRPC's shape when the proxy is away", async () => {
  const proxyUrl = await listen(() => undefined);
  server?.close();
  const response = await forwardToProxy({ request: new Request("http://127.0.0.1:3000/trpc/status"), proxyUrl });
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { data: { code: "BAD_GATEWAY", httpStatus: 502 } } });
});

test("answers 401 in tRPC's shape whatever shape the proxy's own answer has", async () => {
  const proxyUrl = await listen((_request, response) => response.writeHead(401).end('{"success":false}'));
  const response = await forwardToProxy({ request: new Request("http://127.0.0.1:3000/trpc/status"), proxyUrl });
  expect(await response.json()).toMatchObject({ error: { data: { code: "UNAUTHORIZED" } } });
});
