import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { parseTarget } from "./allow-rule.ts";
import { listen, openTunnel, outsideAddress, startEcho, startProxyWorld, startTls } from "./testing/proxy-world.ts";
import { isProxied } from "./upstream-proxy.ts";

/** A company's proxy: wants a password, and reaches what it is asked for at this machine's address. */
async function startUpstream(): Promise<{ readonly port: number; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer().on("connect", (request, socket) => {
    const credentials = Buffer.from((request.headers["proxy-authorization"] ?? "").replace("Basic ", ""), "base64");
    asked.push(`${request.url} ${credentials.toString()}`);
    if (credentials.toString() !== "user:p@ss") {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const target = connect({ host: outsideAddress, port: Number(request.url?.split(":")[1]), allowHalfOpen: true });
    socket.on("error", () => target.destroy());
    target.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    socket.pipe(target).pipe(socket);
  });
  return { port: await listen(server, "127.0.0.1"), asked };
}

describe("upstream proxy", () => {
  it("carries the tunnel, also when names cannot be resolved here", async () => {
    const echo = await startEcho();
    const upstream = await startUpstream();
    const authority = `api.example.com:${echo.port}`;
    const { proxy } = await startProxyWorld([authority], {
      lookup: () => Promise.reject(new Error("no resolver")),
      upstreamProxy: { url: `http://user:p%40ss@127.0.0.1:${upstream.port}`, noProxy: [] },
    });
    const secured = startTls(await openTunnel({ port: proxy.port, authority }), "api.example.com");
    secured.end("through two");
    expect(await text(secured)).toBe("through two");
    expect(upstream.asked).toEqual([`${authority} user:p@ss`]);
  });

  it("says what it answered, without the password", async () => {
    const upstream = await startUpstream();
    const { proxy } = await startProxyWorld(["api.example.com"], {
      upstreamProxy: { url: `http://user:wrong@127.0.0.1:${upstream.port}`, noProxy: [] },
    });
    const tunnel = await openTunnel({ port: proxy.port, authority: "api.example.com:443" });
    const words = await tunnel.readAll();
    expect(tunnel.status).toBe(502);
    expect(words).toContain(`127.0.0.1:${upstream.port} answered 407`);
    expect(words).not.toContain("wrong");
  });

  it("is not asked for a host whose address is refused here", async () => {
    const upstream = await startUpstream();
    const { proxy, denials } = await startProxyWorld(["api.example.com"], {
      lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
      upstreamProxy: { url: `http://user:p%40ss@127.0.0.1:${upstream.port}`, noProxy: [] },
    });
    expect((await openTunnel({ port: proxy.port, authority: "api.example.com:443" })).status).toBe(403);
    expect(denials).toMatchObject([{ reason: "refused_address" }]);
    expect(upstream.asked).toEqual([]);
  });

  it.each([
    ["api.example.com:443", [], true],
    ["api.example.com:443", ["example.com"], false],
    ["api.example.com:443", [".example.com"], false],
    ["api.example.com:443", ["*.example.com"], false],
    ["api.example.com:443", ["ample.com"], true],
    ["api.example.com:443", ["example.com:8443"], true],
    ["api.example.com:443", ["API.example.com:443"], false],
    ["192.0.2.7:443", ["192.0.2.7"], false],
    ["api.example.com:443", ["*"], false],
    ["api.example.com:443", [""], true],
  ] as const)("%s with NO_PROXY %j goes through it: %s", (authority, noProxy, expected) => {
    const target = parseTarget(authority);
    expect(target && isProxied({ url: "http://proxy.example:3128", noProxy }, target)).toBe(expected);
  });
});
