import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { until } from "../testing/until.ts";
import { clientHelloMessage, toRecords } from "./testing/client-hello-bytes.ts";
import { openTunnel, outsideAddress, startEcho, startProxyWorld, startTls } from "./testing/proxy-world.ts";

const ignore = (): void => undefined;

describe("egress proxy", () => {
  it("lets TLS to a listed host through, every byte and both ends", async () => {
    const { port } = await startEcho();
    const { proxy, denials, lookedUp } = await startProxyWorld([`api.example.com:${port}`]);
    const tunnel = await openTunnel({ port: proxy.port, authority: `API.example.com.:${port}` });
    expect(tunnel.status).toBe(200);
    const secured = startTls(tunnel, "api.example.com");
    const sent = "0123456789".repeat(800_000);
    secured.end(sent);
    expect((await text(secured)) === sent).toBe(true);
    expect(denials).toEqual([]);
    expect(lookedUp).toEqual(["api.example.com"]);
  });

  it("lets a listed address through without a server name", async () => {
    const { port } = await startEcho();
    const authority = `${outsideAddress}:${port}`;
    const { proxy, lookedUp } = await startProxyWorld([authority]);
    const secured = startTls(await openTunnel({ port: proxy.port, authority }));
    secured.end("hello");
    expect(await text(secured)).toBe("hello");
    expect(lookedUp).toEqual([]);
  });

  it("refuses a host that is not listed, with the reason, and reports it once", async () => {
    const { proxy, denials, lookedUp } = await startProxyWorld(["api.example.com", "*.cdn.example"]);
    for (const authority of ["evil.example:443", "EVIL.example:443", "evil.example:443"]) {
      const tunnel = await openTunnel({ port: proxy.port, authority });
      expect(tunnel.status).toBe(403);
      const words = await tunnel.readAll();
      expect(words).toContain("evil.example:443 is not in allow_hosts");
      expect(words).toContain('the server "demo" reach: api.example.com, *.cdn.example');
    }
    expect(denials).toEqual([
      { host: "evil.example", port: 443, reason: "not_listed", message: expect.stringContaining("add it there") },
    ]);
    expect(lookedUp).toEqual([]);
  });

  it.each([
    ["another server name", "evil.example", "server_name_mismatch"],
    ["no server name", undefined, "no_server_name"],
  ] as const)("closes a tunnel that asks for %s, before the target hears of it", async (_, name, reason) => {
    const echo = await startEcho();
    const { proxy, denials } = await startProxyWorld([`api.example.com:${echo.port}`]);
    const tunnel = await openTunnel({ port: proxy.port, authority: `api.example.com:${echo.port}` });
    const [error] = await once(startTls(tunnel, name), "error");
    expect(String(error)).toMatch(/access denied/i);
    expect(denials).toMatchObject([{ host: "api.example.com", port: echo.port, reason }]);
    expect(echo.receivedBytes()).toBe(0);
  });

  it("closes a tunnel that speaks something else than TLS", async () => {
    const echo = await startEcho();
    const { proxy, denials } = await startProxyWorld([`api.example.com:${echo.port}`]);
    const tunnel = await openTunnel({ port: proxy.port, authority: `api.example.com:${echo.port}` });
    tunnel.socket.write("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    expect(await tunnel.readAll().catch(() => "")).toBe("");
    expect(denials).toMatchObject([{ reason: "not_tls" }]);
    expect(echo.receivedBytes()).toBe(0);
  });

  it("closes a tunnel that says nothing in time", async () => {
    const { port } = await startEcho();
    const { proxy, denials } = await startProxyWorld([`api.example.com:${port}`], {
      limits: { clientHelloTimeoutMs: 30 },
    });
    const tunnel = await openTunnel({ port: proxy.port, authority: `api.example.com:${port}` });
    await tunnel.readAll();
    expect(denials).toMatchObject([{ reason: "client_hello_timeout" }]);
  });

  it("understands a ClientHello that comes in pieces, the first with the request", async () => {
    const echo = await startEcho();
    const { proxy } = await startProxyWorld([`api.example.com:${echo.port}`]);
    const hello = toRecords(clientHelloMessage({ serverNames: ["api.example.com"] }), 7);
    const socket = connect({ host: "127.0.0.1", port: proxy.port, noDelay: true }).on("error", ignore);
    const head = Buffer.from(`CONNECT api.example.com:${echo.port} HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.write(Buffer.concat([head, hello.subarray(0, 3)]));
    for (const byte of hello.subarray(3)) socket.write(Buffer.from([byte]));
    const readReceived = (): number | undefined =>
      echo.receivedBytes() < hello.length ? undefined : echo.receivedBytes();
    expect(await until("the target has it", readReceived)).toBe(hello.length);
    socket.destroy();
  });

  it("explains to plain HTTP what it wants, and never looks at the path", async () => {
    const { proxy, denials } = await startProxyWorld(["api.example.com"]);
    const asked = request({ host: "127.0.0.1", port: proxy.port, path: "http://api.example.com/secret?token=1" });
    asked.end();
    const [response] = await once(asked, "response");
    expect(response.statusCode).toBe(405);
    const words = await text(response);
    expect(words).toContain("use an https:// address");
    expect(words + JSON.stringify(denials)).not.toContain("secret");
    expect(denials).toMatchObject([{ host: "api.example.com", port: 80, reason: "plain_http" }]);
  });

  it("tells the port of plain HTTP from a host that is not listed", async () => {
    const { proxy, denials } = await startProxyWorld(["api.example.com"]);
    const tunnel = await openTunnel({ port: proxy.port, authority: "api.example.com:80" });
    expect([tunnel.status, await tunnel.readAll()]).toEqual([403, expect.stringContaining("https:// address")]);
    expect(denials).toMatchObject([{ port: 80, reason: "plain_http" }]);
  });

  it.each([
    ["127.0.0.1", "api.example.com", "refused_address"],
    ["169.254.169.254", "api.example.com", "refused_address"],
    ["::ffff:127.0.0.1", "api.example.com", "refused_address"],
    ["172.18.0.1", "api.example.com", "refused_address"],
    ["10.0.0.5", "*.example.com", "private_address"],
  ])("refuses a listed name that leads to %s (%s)", async (address, rule, reason) => {
    const { proxy, denials } = await startProxyWorld([rule], {
      lookup: () => Promise.resolve([{ address, family: address.includes(":") ? 6 : 4 }]),
      ownAddresses: () => Promise.resolve(["172.18.0.1"]),
    });
    const tunnel = await openTunnel({ port: proxy.port, authority: "api.example.com:443" });
    expect(tunnel.status).toBe(403);
    expect(await tunnel.readAll()).toContain(address);
    expect(denials).toMatchObject([{ host: "api.example.com", reason }]);
  });

  it("connects to the address that was checked, not to a later answer", async () => {
    const { port } = await startEcho();
    const answers = [outsideAddress, "127.0.0.1"];
    const { proxy } = await startProxyWorld([`api.example.com:${port}`], {
      lookup: () => Promise.resolve([{ address: answers.shift() ?? "", family: 4 }]),
    });
    const tunnel = await openTunnel({ port: proxy.port, authority: `api.example.com:${port}` });
    expect(tunnel.status).toBe(200);
    expect(answers).toEqual(["127.0.0.1"]);
  });

  it("says when a name cannot be resolved, or nothing answers", async () => {
    const gone = await startProxyWorld(["api.example.com"], {
      lookup: () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" })),
    });
    const unresolved = await openTunnel({ port: gone.proxy.port, authority: "api.example.com:443" });
    expect([unresolved.status, await unresolved.readAll()]).toEqual([502, expect.stringContaining("ENOTFOUND")]);
    const closed = await startProxyWorld(["api.example.com:1"]);
    const refused = await openTunnel({ port: closed.proxy.port, authority: "api.example.com:1" });
    expect([refused.status, await refused.readAll()]).toEqual([502, expect.stringContaining("ECONNREFUSED")]);
    expect([...gone.denials, ...closed.denials]).toEqual([]);
  });

  it("waits for the admission of an address, and refuses one that stays unknown", async () => {
    const { proxy } = await startProxyWorld([], { limits: { admissionWaitMs: 500 } });
    const pending = openTunnel({ port: proxy.port, authority: "a.example:443", localAddress: "127.0.0.2" });
    const unknown = openTunnel({ port: proxy.port, authority: "a.example:443", localAddress: "127.0.0.3" });
    proxy.admit({ address: "127.0.0.2", server: "late", runId: "run-2", allowHosts: [], onDenied: ignore });
    expect(await (await pending).readAll()).toContain('the server "late" reach: nothing');
    expect(await (await unknown).readAll()).toContain("no running server");
  });

  it("closes the tunnels of a run with its admission, and keeps those of others", async () => {
    const { port } = await startEcho();
    const allowHosts = [`api.example.com:${port}`];
    const { proxy, release } = await startProxyWorld(allowHosts, { limits: { admissionWaitMs: 10 } });
    proxy.admit({ address: "127.0.0.2", server: "other", runId: "run-2", allowHosts, onDenied: ignore });
    const authority = `api.example.com:${port}`;
    const ended = startTls(await openTunnel({ port: proxy.port, authority }), "api.example.com");
    await once(ended, "secureConnect");
    const kept = startTls(
      await openTunnel({ port: proxy.port, authority, localAddress: "127.0.0.2" }),
      "api.example.com",
    );
    await once(kept, "secureConnect");
    release();
    await once(ended.resume(), "end");
    kept.end("still here");
    expect(await text(kept)).toBe("still here");
    expect((await openTunnel({ port: proxy.port, authority })).status).toBe(403);
  });

  it("gives an address to its newest run at once, and cuts what the older one had open", async () => {
    const { port } = await startEcho();
    const authority = `api.example.com:${port}`;
    const { proxy, release } = await startProxyWorld([authority]);
    const older = startTls(await openTunnel({ port: proxy.port, authority }), "api.example.com");
    await once(older, "secureConnect");
    proxy.admit({ address: "127.0.0.1", server: "newer", runId: "run-2", allowHosts: [], onDenied: ignore });
    expect(await text(older)).toBe("");
    release();
    const words = await (await openTunnel({ port: proxy.port, authority })).readAll();
    expect(words).toContain('the server "newer" reach: nothing');
  });

  it("bounds the tunnels of a server over all its containers", async () => {
    const { port } = await startEcho();
    const authority = `api.example.com:${port}`;
    const { proxy, denials } = await startProxyWorld([authority], { limits: { maxConnectionsPerServer: 2 } });
    const first = await openTunnel({ port: proxy.port, authority });
    const admission = { server: "demo", runId: "run-2", allowHosts: [authority], onDenied: ignore };
    proxy.admit({ ...admission, address: "127.0.0.2" });
    const second = await openTunnel({ port: proxy.port, authority, localAddress: "127.0.0.2" });
    const third = await openTunnel({ port: proxy.port, authority });
    expect([first.status, second.status, third.status]).toEqual([200, 200, 503]);
    expect(denials).toMatchObject([{ reason: "too_many_connections" }]);
    first.socket.destroy();
    const isFreeAgain = async (): Promise<true | undefined> =>
      (await openTunnel({ port: proxy.port, authority })).status === 200 || undefined;
    await until("a closed tunnel makes room", isFreeAgain);
  });

  it("bounds the connections of a client that never asks for anything", async () => {
    const { proxy } = await startProxyWorld([], { limits: { maxConnectionsPerServer: 1 } });
    const open = (): ReturnType<typeof connect> => connect(proxy.port, "127.0.0.1").on("error", ignore);
    const kept = [open(), open()];
    await Promise.all(kept.map((socket) => once(socket, "connect")));
    await once(open().resume(), "close");
    expect(kept.map((socket) => socket.destroyed)).toEqual([false, false]);
    for (const socket of kept) socket.destroy();
  });

  it("closes a tunnel that is quiet for too long", async () => {
    const { port } = await startEcho();
    const { proxy } = await startProxyWorld([`api.example.com:${port}`], { limits: { idleTimeoutMs: 100 } });
    const tunnel = await openTunnel({ port: proxy.port, authority: `api.example.com:${port}` });
    const secured = startTls(tunnel, "api.example.com");
    await once(secured, "secureConnect");
    expect(await text(secured)).toBe("");
  });

  it("goes on after a client that breaks off at any point", async () => {
    const { port } = await startEcho();
    const authority = `api.example.com:${port}`;
    const { proxy } = await startProxyWorld([authority]);
    const half = connect(proxy.port, "127.0.0.1").on("error", ignore);
    half.write(`CONNECT ${authority} HT`);
    await once(half, "connect");
    half.resetAndDestroy();
    (await openTunnel({ port: proxy.port, authority })).socket.resetAndDestroy();
    const late = startTls(await openTunnel({ port: proxy.port, authority }), "api.example.com");
    await once(late, "secureConnect");
    late.destroy();
    const secured = startTls(await openTunnel({ port: proxy.port, authority }), "api.example.com");
    secured.end("fine");
    expect(await text(secured)).toBe("fine");
  });

  it("refuses an allow_hosts entry that cannot be read", async () => {
    await expect(startProxyWorld(["https://api.example.com/"])).rejects.toThrow('here "api.example.com"');
  });
});
